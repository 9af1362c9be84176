"""What is queued for channels is kept once, and what becomes of it is noted."""

from __future__ import annotations

import datetime as dt

from storage.archive import Archive, open_archive
from storage.records import DeliveryState

HOUR = dt.timedelta(hours=1)


def test_a_subject_is_queued_once_for_a_channel_whatever_became_of_it(archive: Archive, words) -> None:
    assert archive.queue_messages("desk", ["digest:2025-09-11", "alert:change:1"], words.noon) == 2
    archive.note_sent([1], words.noon)

    assert archive.queue_messages("desk", ["digest:2025-09-11", "alert:change:1"], words.noon + HOUR) == 0
    assert archive.queue_messages("duty", ["digest:2025-09-11"], words.noon + HOUR) == 1
    assert [each.subject for each in archive.open_deliveries("desk")] == ["alert:change:1"]


def test_what_became_of_a_message_is_kept(archive: Archive, words) -> None:
    archive.queue_messages("desk", ["a", "b", "c", "d"], words.noon)
    archive.note_sending([1, 2, 3])

    archive.note_sent([1], words.noon)
    archive.note_failed([2], "no route", words.noon + HOUR, ["b@example.org", "a@example.org"])
    archive.note_failed([4], "no route", None)
    archive.put_off([3], words.noon + HOUR)

    kept = {each.subject: each for each in archive.deliveries("desk")}
    assert (kept["a"].state, kept["a"].sent, kept["a"].tries) == (DeliveryState.SENT, words.noon, 1)
    assert (kept["b"].state, kept["b"].error, kept["b"].next_try) == (
        DeliveryState.WAITING,
        "no route",
        words.noon + HOUR,
    )
    assert kept["b"].remaining == ("a@example.org", "b@example.org")
    assert (kept["c"].state, kept["c"].next_try) == (DeliveryState.SENDING, words.noon + HOUR)
    assert (kept["d"].state, kept["d"].next_try) == (DeliveryState.GIVEN_UP, None)
    assert archive.last_sent("desk") == words.noon
    assert archive.last_sent("duty") is None


def test_a_channel_is_met_once_and_starts_with_the_newest_change(archive: Archive, words) -> None:
    words.page(archive, "It moves.", facts=(words.window(),), changes=(words.rescheduled(),))

    first = archive.meet_channels(["desk"], words.noon)["desk"]
    again = archive.meet_channels(["desk", "duty"], words.noon + HOUR)

    assert (first.since, first.change) == (words.noon, archive.newest_change())
    assert again["desk"] == first
    assert again["duty"].since == words.noon + HOUR


def test_only_one_may_send_and_whoever_ends_lets_the_next_one(archive: Archive) -> None:
    with open_archive(archive.path, beside=True) as other:
        with archive.sending(wait=False) as mine, other.sending(wait=False) as theirs:
            assert (mine, theirs) == (True, False)
        with other.sending(wait=True) as theirs:
            assert theirs
