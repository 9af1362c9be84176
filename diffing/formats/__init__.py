"""A digest to a text: one module a format, FORMATS the list of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from diffing.digest import Digest
from diffing.formats.atom import digest_atom
from diffing.formats.markdown import digest_markdown
from diffing.formats.records import digest_json
from diffing.formats.text import digest_text
from diffing.formats.webpage import digest_webpage

__all__ = ["FORMATS"]

FORMATS: Mapping[str, Callable[[Digest], str]] = {
    "text": digest_text,
    "md": digest_markdown,
    "html": digest_webpage,
    "json": digest_json,
    "atom": digest_atom,
}
