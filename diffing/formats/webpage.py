"""The digest as one HTML page that needs nothing else, and a comparison of two revisions likewise."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from diffing.digest import Digest
from diffing.formats.layout import (
    NEW_PAGES_SHOWN,
    STATEMENTS_SHOWN,
    confirmation,
    coverage_line,
    dismissed_line,
    in_all,
    page_heading,
    period,
    quiet_line,
    said,
    shows_old,
)
from diffing.model import Op, StatementDiff
from diffing.wording import differences_in_words, headline, kind_in_words, plain, plain_run

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["diff_webpage", "digest_webpage"]


@functools.cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    # `autoescape` outright: jinja2's select_autoescape leaves a name like digest.html.j2 unescaped.
    environment = Environment(
        loader=PackageLoader("diffing", "formats"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        plain=plain,
        plain_run=plain_run,
        headline=headline,
        kind_in_words=kind_in_words,
        said=said,
        page_heading=page_heading,
        coverage_line=coverage_line,
        confirmation=confirmation,
        dismissed_line=dismissed_line,
        quiet_line=quiet_line,
        in_all=in_all,
        shows_old=shows_old,
    )
    return environment


def digest_webpage(digest: Digest) -> str:
    """The digest as an HTML page; whatever a page said shows as text."""
    return (
        _environment()
        .get_template("digest.html.j2")
        .render(
            title=f"csto-watch digest, {period(digest)}",
            digest=digest,
            shown=STATEMENTS_SHOWN,
            pages_shown=NEW_PAGES_SHOWN,
        )
    )


def diff_webpage(title: str, old: str, new: str, diffs: Sequence[StatementDiff]) -> str:
    """A comparison as an HTML page: `old` and `new` name the two sides.

    Side by side, one under the other where the screen is narrow; runs of statements that are the same
    are folded away. Whatever a page said shows as text.
    """
    runs = [
        (same, list(group)) for same, group in itertools.groupby(diffs, key=lambda diff: diff.op is Op.EQUAL)
    ]
    return (
        _environment()
        .get_template("diff.html.j2")
        .render(
            title=plain(title), old=plain(old), new=plain(new), runs=runs, summary=differences_in_words(diffs)
        )
    )
