"""Uses what docs/extending.md adds, in a tree that has it; prints what came out as JSON."""

from __future__ import annotations

import datetime as dt
import json
import sys

import diffing
from crawler.dates import lone_date
from diffing.digest import Period, build_digest
from diffing.facts import read_facts
from diffing.formats import FORMATS
from diffing.guessing import guess_language
from diffing.judging import judge_text
from diffing.knowledge import Knowledge
from diffing.model import KnownText, RecordedChange, value_from_json, value_to_json
from diffing.naming import events_named
from diffing.statements import split_text
from seeds.gazetteer import load_gazetteer
from seeds.sources import load_sources

BEFORE, DAY = dt.date(2025, 8, 1), dt.date(2025, 9, 11)
NOW = dt.datetime(2025, 9, 11, 6, tzinfo=dt.UTC)
NAMES = load_gazetteer()
PLAN = "The training “Rubezh-2025” will be held from {} to {} September 2025."
GERMAN = "Das Training “Rubezh-2025” findet vom 17. bis 20. September statt."
ON_THEME = "The training “Rubezh-2025” on the theme “{}” will be held from 17 to 20 September 2025."
RUSSIAN = "Учение «Рубеж-2025» на тему «Совместная операция» пройдёт с 17 по 20 сентября 2025 года."


def facts(text, language):
    found = [fact for told in read_facts(split_text(text, language), DAY, NAMES) for fact in told]
    assert all(value_from_json(f.attribute, value_to_json(f.value)) == f.value for f in found)
    return [[fact.event, fact.attribute, value_to_json(fact.value)] for fact in found]


def judged(new, language="en", known=None):
    known = known or PLAN.format(17, 20)
    text = KnownText(origin="known", language="en", said_on=BEFORE, statements=split_text(known, "en"))
    return judge_text(split_text(new, language), Knowledge.of([text], NAMES), DAY, NAMES)[0]


def digest_of(change):
    seen = RecordedChange(
        id=1, change=change, url=None, source=None, language="en", published=None, detected=NOW
    )
    return build_digest(Period(since=NOW, until=NOW, changes=(seen,)))


longer = judged(PLAN.format(17, 23))
digest = digest_of(longer.changes[0])
told = judged(ON_THEME.format("Search and rescue"), known=ON_THEME.format("Joint operation"))
called_off = "Die Übung “Rubezh-2025” ist abgesagt."

json.dump(
    {
        "where": diffing.__file__,
        "german": facts(GERMAN, "de"),
        "german sentences": len(split_text(f"{GERMAN} Es ist geplant.", "de")),
        "german verdicts": [
            judged(text, "de").verdict for text in (GERMAN, GERMAN.replace("17.", "16."), called_off)
        ],
        "german denial": facts("Die Übung “Rubezh-2025” wird nicht abgesagt.", "de"),
        "guesses": [guess_language(text) for text in (GERMAN, PLAN, RUSSIAN)],
        "page date": str(lone_date("11 Oktober 2025")),
        "theme": facts(ON_THEME.format("Joint operation"), "en"),
        "тема": facts(RUSSIAN, "ru"),
        "another theme": [[change.kind, change.old, change.new] for change in told.changes],
        "denied theme": facts("Reports that “Rubezh-2025” has the theme “Rescue” are not true.", "en"),
        "longer": [longer.verdict, [[change.kind, change.significance] for change in longer.changes]],
        "moved": [change.kind for change in judged(PLAN.format(18, 23)).changes],
        "text": FORMATS["text"](digest),
        "json": FORMATS["json"](digest),
        "csv": FORMATS["csv"](digest),
        "source": [[source.name, source.language] for source in load_sources()][-1],
        "names": [
            mention.event
            for text, language in (("“Щит степи – 2026”", "ru"), ("„Steppenschild-2026“", "de"))
            for mention in events_named(text, DAY, NAMES, language)
        ],
    },
    sys.stdout,
)
