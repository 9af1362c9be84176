"""The languages that the house reads, each a package of data and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from diffing.languages.base import Language
from diffing.languages.en import ENGLISH
from diffing.languages.ru import RUSSIAN

__all__ = ["LANGUAGES", "Language"]

_READ = (
    ENGLISH,
    RUSSIAN,
)

LANGUAGES: Mapping[str, Language] = {language.code: language for language in _READ}
