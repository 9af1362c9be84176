"""One page at two addresses, one after the other or both at once: whose history goes on where."""

# ruff: noqa: S608 - only constants of this package are put into SQL; every value is a parameter
from __future__ import annotations

from storage.part import Part

__all__ = ["ADDRESSES", "LINE_REVISIONS", "Moves"]

# The pages whose history is that of the page at :url, each up to the revision at which it was passed on.
_LINE = (
    "WITH RECURSIVE line (page, upto) AS ("
    "SELECT id, 9223372036854775807 FROM pages WHERE url = :url "
    "UNION SELECT r.page_id, r.id FROM line JOIN pages p ON p.id = line.page "
    "JOIN revisions r ON r.id = p.continues)"
)

# The numbers of the revisions in that history.
LINE_REVISIONS = (
    f"{_LINE} SELECT own.id FROM line JOIN revisions own ON own.page_id = line.page AND own.id <= line.upto"
)

# Every address at which that history was captured; the page's URL is the one parameter.
ADDRESSES = (
    "WITH RECURSIVE line (page) AS (SELECT id FROM pages WHERE url = ? UNION "
    "SELECT r.page_id FROM line JOIN pages p ON p.id = line.page JOIN revisions r ON r.id = p.continues) "
    "SELECT p.url FROM line JOIN pages p ON p.id = line.page"
)


class Moves(Part):
    """Nothing is rewritten: a revision stays with the address at which it was captured."""

    def address_today(self, url: str) -> str:
        """The address at which the history of the page at `url` goes on: itself, where it did not move."""
        seen = {url}
        while True:
            further = self._connection.value(
                "SELECT m.url FROM pages p JOIN pages m ON m.id = p.moved_to "
                "WHERE p.url = ? AND p.revision_id IS NULL",
                (url,),
            )
            if further is None or further in seen:
                return url
            url = str(further)
            seen.add(url)

    def addresses(self, url: str) -> frozenset[str]:
        """The page's own and every one at which its history was captured."""
        found = self._connection.rows(ADDRESSES, (url,))
        return frozenset({url, *(row["url"] for row in found)})

    def moved_here(self, url: str) -> tuple[str, ...]:
        """The addresses that lead to this one and have a history that goes on nowhere, oldest first."""
        rows = self._connection.rows(
            "SELECT o.url FROM pages p JOIN pages o ON o.moved_to = p.id "
            "WHERE p.url = ? AND o.revision_id IS NOT NULL ORDER BY o.first_seen, o.url",
            (url,),
        )
        return tuple(row["url"] for row in rows)

    def continue_page(self, url: str, old: str) -> None:
        """From now on the history of the page at `old` is that of the page at `url`, which has none yet."""
        with self._connection.unit():
            self._connection.run(
                "UPDATE pages SET revision_id = o.revision_id, continues = o.revision_id, "
                "good_body_id = o.good_body_id, shown = o.shown, "
                "first_seen = min(pages.first_seen, o.first_seen), "
                "changes_seen = pages.changes_seen + o.changes_seen, last_good = o.last_good, "
                "last_body = o.last_body, last_change = o.last_change, "
                "changes_timed = o.changes_timed, changed_days = o.changed_days, "
                "changed_youth = o.changed_youth, unchanged_days = o.unchanged_days, "
                "unchanged_youth = o.unchanged_youth "
                "FROM pages o WHERE pages.url = ? AND o.url = ? AND pages.revision_id IS NULL",
                (url, old),
            )
            self._connection.run("UPDATE pages SET revision_id = NULL WHERE url = ?", (old,))
