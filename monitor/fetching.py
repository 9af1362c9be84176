"""One page from the network, for `check URL`: fetched with a crawl's manners, kept nowhere."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.errors import NothingReadable
from crawler.extraction import extract
from crawler.run import fetch
from diffing.statements import split
from monitor.errors import InvalidInput
from monitor.inputs import InputText

if TYPE_CHECKING:
    from monitor.session import Session

__all__ = ["fetch_text"]


def fetch_text(session: Session, url: str, language: str | None, said_on: dt.date | None) -> InputText:
    """The text of the page at `url`. Raises InvalidInput where it cannot be had or read.

    A private network is asked only where the sources' file says that this host of it may be.
    """
    private = {urlsplit(start).hostname for each in session.sources() if each.private for start in each.start}
    fetched = fetch(
        url, contact=session.config.contact, now=session.now, private=urlsplit(url).hostname in private
    )
    if fetched.status != 200:
        found = fetched.error or f"the server answered {fetched.status}"
        raise InvalidInput(f"{url} cannot be read: {found}. Save the page and give its file instead.")
    try:
        document = extract(
            fetched.body, fetched.headers, fetched.final_url,
            language=language, content=None, date=None, timezone=session.config.timezone,
        )  # fmt: skip
    except NothingReadable as error:
        raise InvalidInput(f"{url} holds no readable article: {error.reason}.") from error
    return InputText(
        origin=url,
        language=document.language,
        said_on=said_on or document.published,
        title=document.title,
        statements=split(document),
    )
