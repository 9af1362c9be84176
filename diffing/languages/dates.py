"""The words of a language that dates are made of."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DateWords"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateWords:
    """The words of a language that dates are made of."""
