"""A user's own Jinja2 template for the digest, in a sandbox, escaping as the message's form asks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from diffing.formats.markdown import escaped
from diffing.formats.sheet import clipped, laid_out
from diffing.wording import plain, shortened
from monitor.delivery.channels import Body

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

    from diffing.digest import Digest
    from diffing.formats import Reader

__all__ = ["TemplateFault", "rendered"]


class TemplateFault(Exception):
    """A template that cannot be used: file, line, and what is wrong there."""


def rendered(file: Path, form: Body, digest: Digest, reader: Reader) -> str:
    """The digest as the template says it. Raises TemplateFault.

    It is given `sheet`, the digest laid out in words, `texts`, the words of the reader's language, and
    `digest` itself. Whatever a page said shows as text: every value is escaped for the form, whatever the
    file is called.
    """
    from jinja2 import TemplateSyntaxError

    environment = _environment(file.parent, form)
    try:
        return environment.get_template(file.name).render(
            sheet=laid_out(digest, reader), texts=reader.words.texts, digest=digest
        )
    except TemplateSyntaxError as error:
        where = Path(error.filename or file.name).name
        raise TemplateFault(f"The template {where}, line {error.lineno}: {error.message}") from error
    except Exception as error:  # a template is a program of the user's: it can fail in any way
        what = f"{type(error).__name__}: {error}"
        raise TemplateFault(f"The template {file.name}{_line(error, file)}: {what}") from error


def _environment(directory: Path, form: Body) -> SandboxedEnvironment:
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

    def shown(value: object) -> object:
        # What is marked up was escaped already, or is the template's own.
        if isinstance(value, Markup):
            return value
        return escaped(str(value)) if form is Body.MARKDOWN else plain(str(value))

    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(directory),
        autoescape=form is Body.HTML,
        # Characters that control a terminal or the reading direction have no place in any form.
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(plain=plain, shortened=shortened, clipped=clipped)
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
