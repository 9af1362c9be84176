"""Lets bodies go that the rule does not keep; their SHA-256 and length stay, so the chain still proves."""

# ruff: noqa: S608 - only constants of this package are put into SQL; every value is a parameter
from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from storage import bodies
from storage.connection import Connection
from storage.records import Pruned
from storage.rows import time_to_text

__all__ = ["prune"]

# What is kept of each page: its first and its last body, the last one that was read as its article, each
# that led to a revision or was another one than before, and whatever is not yet understood.
_KEPT = (
    "SELECT body_id FROM pages WHERE body_id IS NOT NULL "
    "UNION SELECT good_body_id FROM pages WHERE good_body_id IS NOT NULL "
    "UNION SELECT body_id FROM captures WHERE body_id IS NOT NULL "
    "AND (outcome IS NULL OR outcome IN ('new', 'changed')) "
    "UNION SELECT c.body_id FROM revisions r JOIN captures c ON c.id = r.capture_id "
    "WHERE c.body_id IS NOT NULL "
    "UNION SELECT body_id FROM captures WHERE id IN "
    "(SELECT min(id) FROM captures WHERE body_id IS NOT NULL GROUP BY page_id)"
)

_LEANING = "SELECT id, base_id FROM bodies WHERE base_id IS NOT NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    number: int
    base: int | None
    depth: int
    size: int
    data: bytes | None


def prune(connection: Connection, now: dt.datetime, *, dry_run: bool = False) -> Pruned:
    """Lets go every body but the first, the last and those that changed, of each page; one chain, one unit.

    A body that leans on one let go is packed anew. Doing so again changes nothing. With `dry_run` it only
    counts. The file shrinks at the end, for which the disk must hold it once more: raises ArchiveFull,
    and then only the file's size is as before.
    """
    unkept = set(connection.numbers(f"SELECT id FROM bodies WHERE data IS NOT NULL AND id NOT IN ({_KEPT})"))
    before = _size(connection)
    gone = size = left = 0
    for chain in _chains(connection, unkept):
        going = {body.number for body in chain if body.number in unkept}
        try:
            new = _packed_without(chain, going)
        except bodies.DamagedBody:
            left += len(going)
            continue
        gone += len(going)
        size += sum(body.size for body in chain if body.number in going)
        if not dry_run:
            _replace(connection, chain, new, going, time_to_text(now))
    if dry_run or not gone:
        return Pruned(bodies=gone, body_bytes=size, left=left)
    connection.run("VACUUM")
    connection.run("PRAGMA wal_checkpoint(TRUNCATE)")
    return Pruned(bodies=gone, body_bytes=size, left=left, freed_bytes=before - _size(connection))


def _chains(connection: Connection, some: Collection[int]) -> Iterator[Sequence[_Body]]:
    """Each full copy on which some of these lean with all that lean on it, what is leant on first."""
    bases = {row["id"]: row["base_id"] for row in connection.each(_LEANING)}
    roots = {_root(number, bases) for number in some}
    for root in sorted(roots):
        chain = [_body(connection, root)]
        for body in chain:
            leaning = connection.numbers(
                "SELECT id FROM bodies WHERE base_id = ? ORDER BY id", (body.number,)
            )
            chain += [_body(connection, number) for number in leaning]
        yield chain


def _root(number: int, bases: Mapping[int, int]) -> int:
    """The full copy at the end of what the body leans on."""
    for _ in range(bodies.CHAIN):
        if number not in bases:
            break
        number = bases[number]
    return number


def _body(connection: Connection, number: int) -> _Body:
    (row,) = connection.rows("SELECT base_id, depth, size, data FROM bodies WHERE id = ?", (number,))
    return _Body(number=number, base=row["base_id"], depth=row["depth"], size=row["size"], data=row["data"])


def _packed_without(chain: Sequence[_Body], going: Collection[int]) -> Mapping[int, _Body]:
    """The bodies that stay, each leaning on the nearest that stays. Raises DamagedBody."""
    by_number = {body.number: body for body in chain}
    content: dict[int, bytes] = {}
    new: dict[int, _Body] = {}
    for body in chain:
        if body.data is None:
            continue
        if body.base is not None and body.base not in content:
            raise bodies.DamagedBody(f"body {body.base} has lost its bytes")
        content[body.number] = bodies.unpack(body.data, None if body.base is None else content[body.base])
        if body.number in going:
            continue
        base = body.base
        while base is not None and base in going:
            base = by_number[base].base
        data = body.data
        if base != body.base:
            data = bodies.pack(content[body.number], None if base is None else content[base])
        depth = 0 if base is None else new[base].depth + 1
        new[body.number] = _Body(number=body.number, base=base, depth=depth, size=body.size, data=data)
    return new


def _replace(
    connection: Connection,
    chain: Sequence[_Body],
    new: Mapping[int, _Body],
    going: Collection[int],
    at: str,
) -> None:
    with connection.unit():
        for body in chain:
            if body.number in going:
                connection.run(
                    "UPDATE bodies SET data = NULL, stored = 0, base_id = NULL, depth = 0, dropped_at = ? "
                    "WHERE id = ?",
                    (at, body.number),
                )
            elif body.number in new and new[body.number] != body:
                packed = new[body.number]
                connection.run(
                    "UPDATE bodies SET data = ?, stored = ?, base_id = ?, depth = ? WHERE id = ?",
                    (packed.data, len(packed.data or b""), packed.base, packed.depth, packed.number),
                )


def _size(connection: Connection) -> int:
    return int(connection.value("PRAGMA page_count") * connection.value("PRAGMA page_size"))
