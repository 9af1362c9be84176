"""The digests that make the evidence provable, computed alike when it is written and when it is checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from diffing.model import Statement
from storage import bodies
from storage.connection import Connection
from storage.errors import ArchiveDamaged, BodyDropped
from storage.rows import content_digest

__all__ = ["chain_digest", "read_body", "revision_digest"]


def chain_digest(predecessor: bytes | None, content: Sequence[object]) -> bytes:
    """A capture's link of the chain: SHA-256 over the predecessor's and the capture's own content."""
    return content_digest(content, after=predecessor or b"")


def revision_digest(title: str | None, published: str | None, statements: Iterable[Statement]) -> bytes:
    """SHA-256 over what a revision says."""
    said = [(statement.kind.value, statement.lead_in, statement.text) for statement in statements]
    return content_digest((title, published, said))


def read_body(connection: Connection, body: int) -> bytes:
    """The bytes of a stored body, through the bodies it leans on. Raises ArchiveDamaged, BodyDropped."""
    links: list[bytes] = []
    number: int | None = body
    while number is not None and len(links) <= bodies.CHAIN:
        row = connection.one("SELECT base_id, data, dropped_at FROM bodies WHERE id = ?", (number,))
        if row is None:
            raise ArchiveDamaged(f"{connection.path} has lost body {number}; run `cstowatch verify`")
        if row["data"] is None:
            raise _without_bytes(connection, body, number, row["dropped_at"])
        links.append(row["data"])
        number = row["base_id"]
    content: bytes | None = None
    try:
        for data in reversed(links):
            content = bodies.unpack(data, content)
    except bodies.DamagedBody as error:
        raise ArchiveDamaged(
            f"Body {body} in {connection.path} is damaged ({error}); run `cstowatch verify`"
        ) from error
    return content or b""


def _without_bytes(connection: Connection, body: int, number: int, dropped_at: str | None) -> Exception:
    if body == number and dropped_at:
        return BodyDropped(
            f"Body {body} in {connection.path} was let go by `cstowatch prune` at {dropped_at}"
        )
    return ArchiveDamaged(f"{connection.path} has lost the bytes of body {number}; run `cstowatch verify`")
