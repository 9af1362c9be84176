"""What ad-hoc SQL may rely on is what the database has and what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import schema
from storage.archive import Archive
from storage.migrations import _STEPS

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "schema.md"


@pytest.mark.parametrize("name", list(schema.VIEWS))
def test_a_view_has_the_columns_that_are_documented(archive: Archive, words, name: str) -> None:
    words.page(archive, "It moves.", facts=(words.window(),), changes=(words.rescheduled(),))

    asked = archive._connection.run(f"SELECT * FROM {name}")

    assert tuple(column for column, *_ in asked.description) == tuple(schema.VIEWS[name].columns)
    asked.fetchall()


def test_every_view_is_documented(archive: Archive) -> None:
    names = [
        name for (name,) in archive._connection.rows("SELECT name FROM sqlite_master WHERE type = 'view'")
    ]

    assert sorted(names) == sorted(schema.VIEWS)


def test_the_page_on_the_schema_is_the_one_that_is_generated() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == schema.schema_document()


def test_the_version_is_the_number_of_steps(archive: Archive) -> None:
    assert len(_STEPS._migrations) == schema.SCHEMA_VERSION
    assert archive._connection.value("PRAGMA user_version") == schema.SCHEMA_VERSION
