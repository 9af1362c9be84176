"""What of two bodies of a page differs: laws beside the digest that says whether anything does."""

from hypothesis import given
from hypothesis import strategies as st

from crawler.chrome import teaser_form
from crawler.visible import changed_lines, same_but_for, visible_digest

TEASER = "The exercise of the rescue services will be held in autumn"
LINES = st.lists(
    st.sampled_from([TEASER, "Views: 12", "Views: 13", "A sentence.", "Another sentence.", "12.03.2025"]),
    max_size=6,
)


def page(lines, title="Ministers met"):
    return f"<html><title>{title}</title><body>{''.join(f'<p>{line}</p>' for line in lines)}".encode()


@given(LINES, LINES, st.sampled_from(["Ministers met", TEASER]), st.booleans())
def test_bodies_are_the_same_but_for_teasers_where_their_digests_are(old, new, title, known):
    teasers = {teaser_form(TEASER)} if known else set()
    before, after = page(old), page(new, title)

    same = same_but_for(teasers, changed_lines(before, after))

    assert same == (visible_digest(before, teasers) == visible_digest(after, teasers))


def test_a_title_is_no_teaser_of_itself():
    before, after = page(["A sentence."], TEASER), page(["A sentence."], "Ministers met")

    assert not same_but_for({teaser_form(TEASER)}, changed_lines(before, after))
