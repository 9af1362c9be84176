"""Russian: assertions."""

from __future__ import annotations

from diffing.languages.assertions import AssertionWords

__all__ = ["ASSERTIONS"]

ASSERTIONS = AssertionWords()
