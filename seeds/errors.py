"""What a seed file can do wrong, told all at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

__all__ = ["InvalidSeed"]


class InvalidSeed(Exception):
    """A seed file that cannot be believed; one line names the file and every fault in it.

    `faults` are whole phrases, each naming the place, what was found, and the remedy.
    """

    def __init__(self, path: Path | str, faults: Iterable[str]) -> None:
        self.path = Path(path)
        self.faults = tuple(faults)
        super().__init__(f"{self.path}: {'; '.join(self.faults)}")
