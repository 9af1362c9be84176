"""What an option takes where a registry of `diffing` lists it, looked up only when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click

__all__ = ["FORMAT", "LANGUAGE"]


class _Listed(click.ParamType):  # type: ignore[type-arg]  # generic only since click 8.4
    """A key of a registry. Not a click.Choice, as that would load the registry to show any help."""

    def __init__(self, name: str, keys: Callable[[], Iterable[str]]) -> None:
        self.name = name
        self._keys = keys

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """The keys to choose from, as click.Choice shows them."""
        del param, ctx
        return f"[{'|'.join(self._keys())}]"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The key; fails as a usage error where there is none such."""
        keys = list(self._keys())
        if value not in keys:
            self.fail(f"{value!r} is not one of {', '.join(map(repr, keys))}.", param, ctx)
        return value


def _languages() -> Iterable[str]:
    from diffing.languages import LANGUAGES

    return LANGUAGES


def _formats() -> Iterable[str]:
    from diffing.formats import FORMATS

    return FORMATS


LANGUAGE = _Listed("language", _languages)
FORMAT = _Listed("format", _formats)
