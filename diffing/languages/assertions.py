"""The words of a language that assert something of an event."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AssertionWords"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionWords:
    """The words of a language that assert something of an event."""
