"""Listens for browsers until it is told to end."""

from __future__ import annotations

import datetime as dt
import signal
import socket

import uvicorn

from monitor.errors import InvalidInput
from monitor.session import Session
from monitor.web.app import application
from monitor.web.pages import Desk

__all__ = ["serve_forever"]


def serve_forever(session: Session, *, host: str, port: int) -> None:
    """Serves the web view on the address until SIGINT or SIGTERM. Raises InvalidInput where it cannot."""
    desk = Desk(
        database=session.config.database,
        zone=session.config.timezone,
        gazetteer=session.gazetteer(),
        clock=lambda: dt.datetime.now(dt.UTC),  # noqa: TID251 - a server lives on: it needs the time of each question
        language=session.config.language,
        watched=session.sources(),
    )
    listening = _listening(host, port)
    address, bound = listening.getsockname()[:2]
    shown = f"[{address}]" if ":" in address else address
    session.say(f"The web view is at http://{shown}:{bound}/ (Ctrl-C ends it).")
    server = uvicorn.Server(
        uvicorn.Config(application(desk), log_level="warning", access_log=False, server_header=False)
    )
    # The server raises the signal that ended it once more when it is done; to be told to end is no failure.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: None)
    server.run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        # Before the address is told: who asks at once waits for the server, and is not refused.
        listening.listen()
    except OSError as error:
        raise InvalidInput(
            f"Cannot listen on {host}:{port} ({error.strerror or error}); name another --port or --host."
        ) from error
    return listening
