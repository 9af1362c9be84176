"""English: dates."""

from __future__ import annotations

from diffing.languages.dates import DateWords

__all__ = ["DATES"]

DATES = DateWords()
