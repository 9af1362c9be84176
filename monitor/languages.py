"""The languages that an option takes: those of LANGUAGES, looked up when one is needed."""

from __future__ import annotations

import click

__all__ = ["LANGUAGE"]


class _Language(click.ParamType):  # type: ignore[type-arg]  # generic only since click 8.4
    """A code of LANGUAGES. Not a click.Choice, as that would load every language to show any help."""

    name = "language"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """The codes to choose from, as click.Choice shows them."""
        del param, ctx
        return f"[{'|'.join(_codes())}]"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The code; fails as a usage error where no such language is read."""
        if value not in _codes():
            self.fail(f"{value!r} is not one of {', '.join(map(repr, _codes()))}.", param, ctx)
        return value


def _codes() -> tuple[str, ...]:
    from diffing.languages import LANGUAGES

    return tuple(LANGUAGES)


LANGUAGE = _Language()
