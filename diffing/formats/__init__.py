"""A digest to a text for a reader: one module a format, FORMATS the list of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from diffing.digest import Digest
from diffing.formats.atom import digest_atom
from diffing.formats.markdown import digest_markdown
from diffing.formats.records import digest_json
from diffing.formats.sheet import Reader
from diffing.formats.text import digest_text
from diffing.formats.webpage import digest_webpage

__all__ = ["FORMATS", "Format", "Reader"]


class Format(Protocol):
    """Sets a digest for a reader (None: in English, without a web view)."""

    def __call__(self, digest: Digest, reader: Reader | None = None) -> str:
        """The whole text."""


FORMATS: Mapping[str, Format] = {
    "text": digest_text,
    "md": digest_markdown,
    "html": digest_webpage,
    "json": digest_json,
    "atom": digest_atom,
}
