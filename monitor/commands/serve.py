"""`cstowatch serve`: the web view."""

from __future__ import annotations

import click

from monitor.session import Session, pass_session

__all__ = ["serve"]


@click.command(short_help="The web view, read-only.")
@click.option(
    "--port", type=click.IntRange(min=0, max=65535), default=8001, show_default=True, help="0: any free one."
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on; another one is open to others.",
)
@pass_session
def serve(session: Session, port: int, host: str) -> None:
    """Serves events, changes, digests, pages with all their revisions, a search and a feed to a browser.

    It only reads, and a crawl may run meanwhile. There is no login: put a proxy with one before it where
    others may reach it.

    \b
    Example:
      cstowatch serve --port 8001
    """
    from monitor.web.serving import serve_forever

    # Said before anything listens: that there is no database, or a newer one.
    session.read_archive().close()
    serve_forever(session, host=host, port=port)
