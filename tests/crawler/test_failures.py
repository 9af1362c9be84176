"""Why no answer came, in words that name what a person has to look at."""

from __future__ import annotations

from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError

from crawler.failures import trouble


def test_a_name_that_is_not_found_is_named():
    found = trouble(CannotResolveHostError("whatever the resolver says"), "en.odkb-csto.org")

    assert found.reason == "the name en.odkb-csto.org was not found (DNS)"
    assert found.site_is_down


def test_a_line_of_an_error_is_kept_short():
    assert len(trouble(RuntimeError("x " * 1000), "x.org").reason) < 300
    assert trouble(DownloadTimeoutError(), "x.org").reason == "no whole answer came in time"
