"""Tells systemd how a service fares, where systemd asked to be told."""

from __future__ import annotations

import contextlib
import os
import socket

__all__ = ["tell_systemd", "watchdog_seconds"]


def tell_systemd(*states: str) -> None:
    """Sends states such as `READY=1` to the socket that NOTIFY_SOCKET names; does nothing without one.

    A socket that cannot be reached is left alone: the service's own work matters more.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    # "@" stands for the NUL byte of a name that is in no file system.
    name = "\0" + address[1:] if address.startswith("@") else address
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto("\n".join(states).encode(), name)


def watchdog_seconds() -> float | None:
    """How long systemd waits for a sign of life of this process; None: it does not wait for any."""
    text, process = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", str(os.getpid()))
    return int(text) / 1e6 if text.isdigit() and int(text) and process == str(os.getpid()) else None
