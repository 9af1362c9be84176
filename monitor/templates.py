"""A user's own Jinja2 template for the digest, in a sandbox, escaping as the message's form asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from diffing.formats.layout import (
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
from diffing.formats.markdown import escaped
from diffing.wording import headline, kind_in_words, plain, shortened, value_in_words
from monitor.channels import Body

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

    from diffing.digest import Digest

__all__ = ["TemplateFault", "rendered"]

_FILTERS: Mapping[str, Callable[..., object]] = {
    "confirmation": confirmation,
    "coverage_line": coverage_line,
    "dismissed_line": dismissed_line,
    "headline": headline,
    "in_all": in_all,
    "kind_in_words": kind_in_words,
    "page_heading": page_heading,
    "period": period,
    "quiet_line": quiet_line,
    "said": said,
    "shortened": shortened,
    "shows_old": shows_old,
    "value_in_words": value_in_words,
}


class TemplateFault(Exception):
    """A template that cannot be used: file, line, and what is wrong there."""


def rendered(file: Path, form: Body, digest: Digest, title: str) -> str:
    """The digest as the template says it; `digest` and `title` are what it may use. Raises TemplateFault.

    Whatever a page said shows as text: every value is escaped for the form, whatever the file is called.
    """
    from jinja2 import TemplateError, TemplateSyntaxError

    environment = _environment(file.parent, form)
    try:
        return environment.get_template(file.name).render(digest=digest, title=title)
    except TemplateSyntaxError as error:
        where = Path(error.filename or file.name).name
        raise TemplateFault(f"The template {where}, line {error.lineno}: {error.message}") from error
    except (TemplateError, OSError, UnicodeDecodeError) as error:
        raise TemplateFault(f"The template {file.name}{_line(error, file)}: {error}") from error
    except Exception as error:  # a template is a program of the user's: it can fail in any way
        raise TemplateFault(
            f"The template {file.name}{_line(error, file)}: {type(error).__name__}: {error}"
        ) from error


def _environment(directory: Path, form: Body) -> SandboxedEnvironment:
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

    def escaping(value: object) -> object:
        if isinstance(value, Markup):
            return value
        return escaped(str(value)) if form is Body.MARKDOWN else plain(str(value))

    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(directory),
        autoescape=form is Body.HTML,
        # Controls of a terminal or of the reading direction have no place in any form.
        finalize=escaping,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(_FILTERS)
    return environment


def _line(error: BaseException, file: Path) -> str:
    """The line of the template at which it failed: Jinja2 gives each its own frame of the traceback."""
    lines = []
    trace = error.__traceback__
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename).name == file.name:
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    return f", line {lines[-1]}" if lines else ""
