"""What kept an answer from us, in words for the person who looks after the source."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy import exceptions
from twisted.internet import error as connection
from twisted.web.client import ResponseFailed

__all__ = ["Trouble", "trouble"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why no answer came. `site_is_down`: the whole host gives none, not this address alone."""

    reason: str
    flag: str
    site_is_down: bool = False


def trouble(error: BaseException, host: str) -> Trouble:
    """The error in one line, and whether asking the same host again makes sense now; `host` was asked."""
    match error:
        case exceptions.CannotResolveHostError():
            return Trouble(reason=f"the name {host} was not found (DNS)", flag="dns", site_is_down=True)
        case exceptions.DownloadConnectionRefusedError():
            return Trouble(reason="the server refused the connection", flag="refused", site_is_down=True)
        case exceptions.DownloadTimeoutError():
            return Trouble(reason="no whole answer came in time", flag="timeout", site_is_down=True)
        case exceptions.DownloadCancelledError():
            return Trouble(reason="the answer is larger than is read of any page", flag="too-large")
        case exceptions.ResponseDataLossError():
            return Trouble(reason="the answer broke off before its end", flag="broken-off")
        case exceptions.IgnoreRequest() if "during decompression" in str(error):
            return Trouble(reason="the answer unpacks to more than is read of any page", flag="too-large")
        case exceptions.IgnoreRequest() if "max redirections" in str(error):
            return Trouble(reason="the page redirects again and again", flag="redirects")
        case exceptions.IgnoreRequest():
            return Trouble(reason=_line(str(error)), flag="not-asked", site_is_down=_unreachable(error))
        case exceptions.DownloadFailedError():
            return Trouble(reason=_of_connection(error), flag="broken-off")
        case connection.ConnectError() | connection.ConnectionLost() | connection.ConnectionDone():
            return Trouble(
                reason=f"no connection ({_line(str(error))})", flag="connection", site_is_down=True
            )
        case _:
            return Trouble(
                reason=f"the answer could not be read ({type(error).__name__}: {_line(str(error))})",
                flag="unreadable",
            )


def _unreachable(error: BaseException) -> bool:
    return bool(getattr(error, "unreachable", False))


def _of_connection(error: BaseException) -> str:
    """What Twisted found at the bottom of a failed response: TLS, reset, or no HTTP."""
    cause = error.__cause__
    if isinstance(cause, ResponseFailed):
        inner = "; ".join(
            _line(f"{reason.type.__name__}: {reason.getErrorMessage()}") for reason in cause.reasons
        )
        return f"the server gave no proper answer ({inner})"
    return f"the server gave no proper answer ({_line(str(error))})"


def _line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 240 else f"{text[:237]}..."
