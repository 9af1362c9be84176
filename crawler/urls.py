"""One address a page: every spelling of a page's URL becomes the same text."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from w3lib.url import canonicalize_url

__all__ = ["canonical", "host_of"]

# Parameters that say who came, not what is asked for. The first group is 1C-Bitrix's own (its core
# strips `bxajaxid` itself, and skips its page cache where it is present), then those of mailings and
# advertisers, then session ids of the common servers. What pages a site (`PAGEN_1`, `ELEMENT_ID`)
# must never stand here: another value is another page.
_NOT_THE_PAGE = frozenset(
    {
        "bxajaxid",
        "bxrand",
        "clear_cache",
        "clear_cache_session",
        "back_url",
        "back_url_admin",
        "bitrix_include_areas",
        "show_page_exec_time",
        "show_include_exec_time",
        "show_sql_stat",
        "login",
        "logout",
        "sessid",
        "fbclid",
        "gclid",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "ysclid",
        "ymclid",
        "twclid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "_ga",
        "_gl",
        "_openstat",
        "openstat",
        "from_utm",
        "phpsessid",
        "jsessionid",
        "cfid",
        "cftoken",
        "sid",
        "session_id",
    }
)
_PREFIXES = ("utm_", "aspsessionid", "pk_", "mtm_")
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?#;]*", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical(url: str) -> str:
    """The one address of the page that `url` names: host in lower case, no fragment, no default port,
    no tracking or session parameter, query in a settled order.

    Applying it twice changes nothing more. Never raises: what is no URL comes back as it is, but for
    the space around it.

    >>> canonical("HTTPS://En.odkb-csto.org:443/news/?utm_source=x&PAGEN_1=2#top")
    'https://en.odkb-csto.org/news/?PAGEN_1=2'
    """  # noqa: D205 (the promise is one sentence)
    url = url.strip()
    try:
        parts = urlsplit(url)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            return url
        bare = parts._replace(
            netloc=_without_default_port(parts.netloc, parts.scheme, parts.port),
            path=_SESSION_IN_PATH.sub("", parts.path),
            query=_without_tracking(parts.query),
            fragment="",
        )
        return canonicalize_url(urlunsplit(bare))
    except ValueError:
        return url


def host_of(url: str) -> str:
    """The host that `url` names, in lower case, without port; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _without_default_port(netloc: str, scheme: str, port: int | None) -> str:
    if port is None or port != _DEFAULT_PORTS[scheme]:
        return netloc
    return netloc[: netloc.rindex(":")]


def _without_tracking(query: str) -> str:
    return "&".join(pair for pair in query.split("&") if pair and not _says_who_came(pair))


def _says_who_came(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in _NOT_THE_PAGE or name.startswith(_PREFIXES)
