"""The digest as one HTML page that needs nothing else, and a comparison of two revisions likewise."""

from __future__ import annotations

import functools
import html
import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from diffing.digest import Digest
from diffing.formats.sheet import Reader, clipped, laid_out
from diffing.formats.timeline import digest_timeline, in_words, timeline_of
from diffing.model import Op, StatementDiff
from diffing.wording import differences_in_words, plain, plain_run

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["diff_part", "diff_webpage", "digest_webpage"]

_QUOTE_LENGTH = 700


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
    environment.filters.update(plain=plain, plain_run=plain_run, clipped=clipped)
    return environment


def digest_webpage(digest: Digest, reader: Reader | None = None, picture: str | None = None) -> str:
    """The digest as an HTML page with its timeline; whatever a page said shows as text.

    `picture` is the address of the timeline as a picture, for mail, which shows no SVG (None: it is drawn).
    """
    from markupsafe import Markup

    reader = reader or Reader()
    sheet = laid_out(digest, reader)
    drawn = _pictured(digest, reader, picture) if picture else digest_timeline(digest, reader)
    return (
        _environment()
        .get_template("digest.html.j2")
        .render(
            title=sheet.title,
            language=reader.language,
            sheet=sheet,
            texts=reader.words.texts,
            # Its own words were escaped where it was made.
            timeline=Markup(drawn) if drawn else None,  # noqa: S704
            length=_QUOTE_LENGTH,
        )
    )


def _pictured(digest: Digest, reader: Reader, picture: str) -> str | None:
    timeline = timeline_of(digest, reader)
    if timeline is None:
        return None
    alternative = html.escape(plain(in_words(timeline)))
    return f'<img src="{html.escape(picture)}" alt="{alternative}" style="width: 100%; max-width: 34rem">'


def diff_webpage(title: str, old: str, new: str, diffs: Sequence[StatementDiff]) -> str:
    """A comparison as an HTML page: `old` and `new` name the two sides.

    Side by side, one under the other where the screen is narrow; runs of statements that are the same
    are folded away. Whatever a page said shows as text.
    """
    return (
        _environment().get_template("diff.html.j2").render(title=plain(title), **_compared(old, new, diffs))
    )


def diff_part(old: str, new: str, diffs: Sequence[StatementDiff]) -> tuple[str, str]:
    """The same comparison for a page that has a head of its own: its style sheet, and its HTML."""
    environment = _environment()
    rows = environment.get_template("diff_rows.html.j2").render(**_compared(old, new, diffs))
    return environment.get_template("diff.css.j2").render(), rows


def _compared(old: str, new: str, diffs: Sequence[StatementDiff]) -> dict[str, object]:
    runs = [
        (same, list(group)) for same, group in itertools.groupby(diffs, key=lambda diff: diff.op is Op.EQUAL)
    ]
    return {"old": plain(old), "new": plain(new), "runs": runs, "summary": differences_in_words(diffs)}
