"""What a Retry-After asks for."""

import datetime as dt

import pytest

from crawler.patience import retry_after

NOW = dt.datetime(2025, 9, 11, 6, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Thu, 11 Sep 2025 06:01:30 GMT", 90.0),
        ("Thu, 11 Sep 2025 05:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("9" * 5000, 999_999_999.0),
        ("", None),
        (None, None),
    ],
)
def test_seconds_and_dates_are_read_and_nothing_else(value, seconds):
    assert retry_after(value, NOW) == seconds
