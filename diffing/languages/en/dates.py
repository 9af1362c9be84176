"""English: dates."""

from __future__ import annotations

from diffing.languages.dates import DateWords, listed, numbered, ordered

__all__ = ["DATES"]

_MONTHS = {
    1: "january jan",
    2: "february feb",
    3: "march mar",
    4: "april apr",
    5: "may",
    6: "june jun",
    7: "july jul",
    8: "august aug",
    9: "september sept sep",
    10: "october oct",
    11: "november nov",
    12: "december dec",
}
_WEEKDAYS = {
    0: "monday mon",
    1: "tuesday tue tues",
    2: "wednesday wed",
    3: "thursday thu thur thurs",
    4: "friday fri",
    5: "saturday sat",
    6: "sunday sun",
}
_ORDINALS = ordered(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_CARDINALS = ordered(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)

# Words that make a month of a word that is also a verb or a name ("in May", "this March", "until May").
_MONTH_CUES = listed(
    "in of for this next last late early mid until till by during since from between to through "
    "before after beginning end start middle past coming and -"
)
_SEASON_CUES = listed("in this next last during late early mid by until till for since of past coming")
_NEVER: frozenset[str] = frozenset()

DATES = DateWords(
    months=numbered(_MONTHS),
    weekdays=numbered(_WEEKDAYS),
    weekday_plurals={words.split()[0] + "s": day for day, words in _WEEKDAYS.items()},
    seasons={"winter": 0, "spring": 3, "summer": 6, "autumn": 9, "fall": 9},
    relative_days={"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1, "now": 0},
    relatives={
        "this": 0,
        "current": 0,
        "present": 0,
        "next": 1,
        "coming": 1,
        "following": 1,
        "upcoming": 1,
        "last": -1,
        "past": -1,
        "previous": -1,
    },
    units={
        "day": "day",
        "days": "day",
        "week": "week",
        "weeks": "week",
        "month": "month",
        "months": "month",
        "quarter": "quarter",
        "quarters": "quarter",
        "qtr": "quarter",
        "year": "year",
        "years": "year",
    },
    ordinals={**{word: number for number, word in enumerate(_ORDINALS, start=1)}, "thirtieth": 30},
    tens={"twenty": 20, "thirty": 30},
    cardinals={**{word: number for number, word in enumerate(_CARDINALS, start=1)}, "a": 1, "an": 1},
    ordinal_suffixes=listed("st nd rd th"),
    parts={
        "early": 0,
        "beginning": 0,
        "start": 0,
        "mid": 1,
        "middle": 1,
        "late": 2,
        "end": 2,
    },
    halves=listed("half"),
    decades=listed("decade"),
    first_days=listed("days"),
    half_years=_NEVER,
    quarter_marks=listed("q"),
    half_marks=listed("h"),
    connectors=listed("to till until through thru"),
    conjunctions=listed("and"),
    betweens=listed("between"),
    nights=listed("night overnight"),
    froms=listed("from"),
    sinces=listed("from since starting beginning commencing"),
    untils=listed("until till by before through thru"),
    afters=listed("after"),
    moves=listed(
        "move moved moves moving postpone postponed postponing reschedule rescheduled rescheduling "
        "slip slips slipped shift shifted shifting delay delayed put pushed brought changed transferred"
    ),
    ons=frozenset(
        {"on", "from", "to", "until", "till", "by", "for", "since", "between", "of", "and", "through"}
    ),
    ahead=listed("in"),
    ago=listed("ago"),
    hence=listed("hence"),
    later=listed("later rest remainder"),
    earlier=listed("earlier"),
    begins=listed(
        "start starts started begin begins began begun open opens opened kick kicks kicked commence "
        "commences commenced launch launches launched"
    ),
    lasting=frozenset(
        {"for", "last", "lasts", "lasted", "lasting", "run", "runs", "running", "continue", "continues"}
    ),
    ending=listed("end ends ended ending finish finishes conclude concludes"),
    starting=listed("start starting beginning commencing"),
    glue=listed("and will it is to for which that ,"),
    fillers=listed("of the around"),
    articles=listed("the"),
    day_cues=listed("on"),
    year_words=_NEVER,
    year_cues=frozenset(
        {"in", "during", "throughout", "for", "by", "until", "till", "since", "from", "through", "between"}
    ),
    year_range_cues=listed("in during throughout from between"),
    year_links=listed("of the in ,"),
    this_year=frozenset(),
    plans=listed(
        "will shall upcoming envisages envisage scheduled planned expected due slated intends intend"
    ),
    decisions=listed("approved signed adopted discussed received reviewed"),
    reports=listed(
        "took held met visited arrived left returned concluded completed ended finished participated "
        "attended hosted opened began started launched conducted carried rehearsed practised practiced "
        "trained performed ran drew gathered went came passed occurred became gave inspected checked "
        "crossed fired hit destroyed marked celebrated welcomed handed"
    ),
    followers=listed(
        "at in on near under by with within over across outside inside along as was were is are has will"
    ),
    passives=listed("is are being"),
    infinitives=listed("be to"),
    bygones=listed("was were been had"),
    breaks=listed("that which who where when while whereas but whether if"),
    comparisons=listed("as like than unlike since"),
    weak={
        "may": _MONTH_CUES,
        "march": _MONTH_CUES,
        "mar": _NEVER,
        "sat": _NEVER,
        "sun": _NEVER,
        "mon": _NEVER,
        "tue": _NEVER,
        "wed": _NEVER,
        "thu": _NEVER,
        "fri": _NEVER,
        "winter": _SEASON_CUES,
        "spring": _SEASON_CUES,
        "summer": _SEASON_CUES,
        "autumn": _SEASON_CUES,
        "fall": _SEASON_CUES - {"by", "for", "of"},
        "now": listed("between"),
    },
    month_first=True,
    slash_month_first=True,
)
