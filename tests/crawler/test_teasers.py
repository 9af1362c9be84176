"""Which blocks belong to other pages, learned from one run over a source."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.teasers import Teasers, learn, without_teasers
from diffing.model import Block, BlockKind, Document

LEADS = {
    "rubezh": "The exercise Rubezh-2025 will be held in the mountains of the Kyrgyz Republic.",
    "talks": "Staff talks on the training of the coming year took place in Dushanbe on Friday.",
    "flood": "The units of the southern district help the villages that the flood has cut off.",
    "prize": "The best crews of the season received prizes from the hands of the commander.",
}
TITLES = {
    "rubezh": "Rubezh-2025 goes to the mountains",
    "talks": "Dushanbe hosted staff talks",
    "flood": "Southern district fights the flood",
    "prize": "Best crews received their prizes",
}


def document(*lines, title=None):
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in lines)
    return Document(language="en", title=title, published=None, published_evidence=None, blocks=blocks)


def own(name, *, above=(), below=(), middle=()):
    return document(
        *above,
        LEADS[name],
        *middle,
        f"More about the matter of {name} was said by the head of the press service.",
        f"The details of {name} will follow within the week, as soon as they are known.",
        *below,
        title=TITLES[name],
    )


def cleaned(pages, leads=None, previous=None):
    teasers = learn(previous or Teasers(), pages, leads or {})
    return {
        url: [b.text for b in without_teasers(page, url, teasers)[0].blocks] for url, page in pages.items()
    }


def plain(name):
    return [block.text for block in own(name).blocks]


def test_leads_of_other_pages_above_and_below_the_text_are_teasers():
    pages = {
        name: own(
            name,
            above=[lead for other, lead in LEADS.items() if other != name][:2],
            below=[lead for other, lead in LEADS.items() if other != name][2:],
        )
        for name in LEADS
    }

    assert cleaned(pages) == {name: plain(name) for name in LEADS}


def test_the_lead_of_a_page_known_before_is_a_teaser_though_only_one_page_shows_it():
    pages = {"talks": own("talks", above=[LEADS["rubezh"]])}

    assert cleaned(pages, {"rubezh": (TITLES["rubezh"], LEADS["rubezh"])}) == {"talks": plain("talks")}


def test_a_lead_given_in_sentences_is_known_as_a_paragraph():
    teaser = "The exercise will be held in autumn. It will be led by the host country."
    leads = {
        "other": (
            "A title of its own",
            "The exercise will be held in autumn.",
            "It will be led by the host country.",
        )
    }

    assert cleaned({"talks": own("talks", above=[teaser])}, leads) == {"talks": plain("talks")}


@pytest.mark.parametrize(
    "cut", ["The exercise Rubezh-2025 will be held in the…", "08.09.2025 " + LEADS["rubezh"]]
)
def test_a_lead_that_is_cut_off_or_dated_is_still_known(cut):
    pages = {"talks": own("talks", above=[cut])}

    assert cleaned(pages, {"rubezh": (TITLES["rubezh"], LEADS["rubezh"])}) == {"talks": plain("talks")}


def test_a_teaser_that_holds_more_than_the_first_block_of_its_page_is_known():
    longer = f"{LEADS['rubezh']} More about the matter of rubezh was said by the head of the press service."
    pages = {"talks": own("talks", above=[longer]), "rubezh": own("rubezh")}

    assert cleaned(pages) == {"talks": plain("talks"), "rubezh": plain("rubezh")}


def test_a_teaser_on_one_page_only_is_not_taken_for_that_pages_own_lead():
    untitled = "Nothing of what was said there is in the name that the page was given by its editor."
    pages = {
        "odd": document(LEADS["rubezh"], untitled, "It was signed in the evening.", title="On a quiet day"),
        "rubezh": own("rubezh"),
    }

    assert cleaned(pages)["odd"] == [untitled, "It was signed in the evening."]


def test_a_lead_quoted_in_the_middle_of_a_text_stays():
    pages = {"talks": own("talks", middle=[LEADS["rubezh"]]), "rubezh": own("rubezh")}

    assert LEADS["rubezh"] in cleaned(pages)["talks"]


def test_no_page_loses_its_own_lead():
    pages = {name: own(name, above=[LEADS["rubezh"]] if name != "rubezh" else []) for name in LEADS}

    assert cleaned(pages) == {name: plain(name) for name in LEADS}


def test_a_sentence_that_two_news_of_one_event_share_stays():
    shared = "The exercise is held every year under the plan of joint training of the troops."
    pages = {
        "talks": own("talks", middle=[shared]),
        "flood": own("flood", below=[shared]),
        "prize": own("prize"),
    }

    assert cleaned(pages) == {url: [block.text for block in page.blocks] for url, page in pages.items()}


def test_two_addresses_of_one_text_learn_nothing_from_each_other():
    pages = {"a": own("talks"), "b": own("talks")}

    assert cleaned(pages) == {"a": plain("talks"), "b": plain("talks")}


def test_a_line_on_the_edge_of_three_pages_is_furniture():
    pages = {name: own(name, below=["Write to the press service with your questions."]) for name in LEADS}

    assert cleaned(pages) == {name: plain(name) for name in LEADS}


def test_what_was_learned_holds_in_the_next_run():
    first = {name: own(name, above=[LEADS["flood"]]) for name in ("rubezh", "talks", "prize")}
    known = Teasers.from_json(learn(Teasers(), first, {"flood": (TITLES["flood"], LEADS["flood"])}).to_json())

    assert cleaned({"talks": own("talks", above=[LEADS["flood"]])}, previous=known) == {
        "talks": plain("talks")
    }


def test_what_is_dropped_says_why():
    pages = {"talks": own("talks", above=[LEADS["rubezh"]]), "rubezh": own("rubezh")}

    _, dropped = without_teasers(pages["talks"], "talks", learn(Teasers(), pages, {}))

    assert [(one.text, one.reason) for one in dropped] == [(LEADS["rubezh"], "the lead of rubezh")]


def test_a_page_of_nothing_but_teasers_is_left_as_it_is():
    pages = {"index": document(*LEADS.values(), title="News"), **{name: own(name) for name in LEADS}}

    assert cleaned(pages)["index"] == list(LEADS.values())


def test_no_teasers_are_stored_as_nothing_and_another_shape_is_refused():
    assert Teasers.from_json(None) == Teasers()
    with pytest.raises(ValueError, match="object"):
        Teasers.from_json("[]")


@given(
    st.dictionaries(
        st.sampled_from("abcdef"), st.lists(st.text(max_size=60), min_size=1, max_size=8), max_size=6
    )
)
@settings(max_examples=100, deadline=None)
def test_only_blocks_of_the_page_are_dropped_in_order_and_never_all(lines):
    pages = {url: document(*texts) for url, texts in lines.items()}
    teasers = learn(Teasers(), pages, {})

    assert Teasers.from_json(teasers.to_json()) == teasers
    for url, page in pages.items():
        kept, dropped = without_teasers(page, url, teasers)
        left = iter(page.blocks)
        assert all(block in left for block in kept.blocks)
        assert len(kept.blocks) + len(dropped) == len(page.blocks)
        assert kept.blocks
