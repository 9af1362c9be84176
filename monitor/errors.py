"""What a user can get wrong before any work starts; every message is one line with its remedy."""

from __future__ import annotations

__all__ = ["InvalidConfig", "InvalidInput"]


class InvalidConfig(Exception):
    """The configuration cannot be used: what, where, and how to mend it."""


class InvalidInput(Exception):
    """A file, text or address handed to a command cannot be used: what, and how to mend it."""
