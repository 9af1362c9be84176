"""The web view as an ASGI application: our pages, and Datasette for ad-hoc questions, read-only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeAlias
from urllib.parse import unquote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm
from datasette.utils.asgi import Base400, Request, Response
from datasette.views.base import DatasetteError

from monitor.web.pages import Answer, Desk
from storage.errors import ArchiveError
from storage.schema import VIEWS

__all__ = ["application"]

Scope: TypeAlias = "dict[str, Any]"
Message: TypeAlias = "dict[str, Any]"
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
View: TypeAlias = Callable[[Request], Awaitable[Response]]

_PLUGIN = "cstowatch"

# Datasette by default answers any SQL and hands out the whole file: a query can eat memory, and the file
# holds what retention should let go.
_SETTINGS: Mapping[str, object] = {
    "default_allow_sql": False,
    "allow_download": False,
    "allow_csv_stream": False,
    "allow_facet": False,
    "suggest_facets": False,
    "sql_time_limit_ms": 1000,
    "default_cache_ttl": 0,
}

# Whatever a page of a source smuggles into ours: no script of another origin runs, nothing is loaded from
# elsewhere, and nobody frames the view.
_GUARDS: tuple[tuple[bytes, bytes], ...] = (
    (
        b"content-security-policy",
        (
            b"default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; "
            b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)
_GUARDED = frozenset(name for name, _ in _GUARDS)

_NOT_THERE, _UNUSABLE = 404, 503

# Datasette's own plugin that prints a traceback with all local values for every address that is not there.
_TRACEBACKS = "datasette.handle_exception"


def application(desk: Desk) -> Application:
    """The web view over the desk's database; only GET and HEAD are answered.

    There can be one a process: Datasette keeps its plugins in one place.
    """
    for name in (_PLUGIN, _TRACEBACKS):
        if pm.has_plugin(name):
            pm.unregister(name=name)
    pm.register(_Pages(desk), name=_PLUGIN)
    datasette = Datasette(
        memory=False, settings={**_SETTINGS, "base_url": desk.root}, metadata={"title": "csto-watch"}
    )
    datasette.add_database(_Views(datasette, path=str(desk.database)), name=desk.database.stem)
    return _guarded(datasette.app())


class _Views(Database):  # type: ignore[misc]
    """The database with its documented views alone: the tables behind them may change any day."""

    async def table_names(self) -> list[str]:
        """None to list."""
        return []

    async def hidden_table_names(self) -> list[str]:
        """None to hide."""
        return []

    async def table_exists(self, table: str) -> bool:  # noqa: ARG002 - its shape is Datasette's
        """None to ask; only its views are there."""
        return False

    async def view_names(self) -> list[str]:
        """Those whose names and columns stay."""
        return list(VIEWS)


class _Pages:
    """Our pages as Datasette's plugin: they come before its own."""

    __name__ = _PLUGIN  # Datasette lists its plugins by it

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @hookimpl  # type: ignore[untyped-decorator]
    def register_routes(self) -> Iterable[tuple[str, View]]:
        """Which path is answered by which page."""
        desk = self._desk
        return (
            (r"^/$", _view(lambda _request: desk.front())),
            (r"^/events$", _view(lambda _request: desk.events())),
            (r"^/events/(?P<event>.+)$", _view(lambda request: desk.event(_part(request, "event")))),
            (r"^/changes$", _view(lambda request: desk.changes(_asked(request)))),
            (r"^/sources$", _view(lambda _request: desk.sources())),
            (r"^/search$", _view(lambda request: desk.search(_asked(request).get("q", "")))),
            (r"^/digest/(?P<day>[^/]+)$", _view(lambda request: desk.digest(_part(request, "day")))),
            (r"^/feed\.atom$", _view(lambda _request: desk.feed())),
            (r"^/page$", _view(lambda request: desk.page(_asked(request).get("url", "")))),
            (
                r"^/-/revision$",
                _view(lambda request: desk.revision(*_named(request, "url", "n"))),
            ),
            (
                r"^/-/difference$",
                _view(lambda request: desk.difference(*_named(request, "url", "from", "to"))),
            ),
            (r"^/-/metrics$", _view(lambda _request: desk.metrics())),
        )

    @hookimpl  # type: ignore[untyped-decorator]
    def handle_exception(self, request: Request, exception: Exception) -> Response:
        """What is not there is said; what should not happen is raised, so that the server's log has it."""
        if isinstance(exception, DatasetteError):
            status, why = exception.status, str(exception.message)
        elif isinstance(exception, Base400):
            status, why = exception.status, str(exception)
        else:
            raise exception
        answer = self._desk.missing(
            f"There is no page {request.path}" if status == _NOT_THERE else f"{request.path}: {why}"
        )
        return Response(answer.body, status=status, content_type=answer.content_type)


def _view(answer: Callable[[Request], Answer]) -> View:
    async def view(request: Request) -> Response:
        try:
            # SQLite blocks; a slow question must not keep the others waiting.
            found = await asyncio.to_thread(answer, request)
        except ArchiveError as error:
            return Response(f"{error}\n", status=_UNUSABLE, content_type="text/plain; charset=utf-8")
        return Response(found.body, status=found.status, content_type=found.content_type)

    return view


def _part(request: Request, name: str) -> str:
    return unquote(request.url_vars[name])


def _asked(request: Request) -> Mapping[str, str]:
    return {name: request.args.get(name) or "" for name in request.args}


def _named(request: Request, *names: str) -> tuple[str, ...]:
    asked = _asked(request)
    return tuple(asked.get(name, "") for name in names)


def _guarded(inner: Application) -> Application:
    """The application, which only answers questions, with our headers on each answer."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in {"GET", "HEAD"}:
            await Response("Only GET and HEAD: the view is read-only.\n", status=405).asgi_send(send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message.get("headers", ()) if bytes(pair[0]).lower() not in _GUARDED]
                message = {**message, "headers": [*kept, *_GUARDS]}
            await send(message)

        await inner(scope, receive, guarded)

    return application
