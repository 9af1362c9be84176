"""What of two bodies of a page differs: laws beside the digest that says whether anything does."""

from hypothesis import given
from hypothesis import strategies as st

from crawler.chrome import teaser_form
from crawler.visible import SHOWN_BY, changed_lines, same_but_for, shown_digest, visible_digest

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


@given(LINES, LINES, st.sampled_from(["Ministers met", TEASER]))
def test_what_shows_is_equal_where_no_line_changed(old, new, title):
    before, after = page(old), page(new, title)

    same = shown_digest(before) == shown_digest(after)

    assert same == (changed_lines(before, after) == ((), ()))


def test_what_shows_is_told_by_the_rules_that_its_version_names():
    body = (
        "<html><head><title>Министры обсудили</title><style>p {}</style></head><body><nav>Section 1</nav>"
        "<div>12.03.2025 / 10:00</div><h1>Министры обсудили</h1><p>В <b>Минске</b> прошла встреча.</p>"
        "<p>Просмотров: 12</p><p>Views: 12</p><p>Share</p><aside>Read also</aside><p>1,200 servicemen</p>"
        "<table><tr><td>1,200</td></tr></table><footer>© 2025</footer></body></html>"
    ).encode("cp1251")

    digest = shown_digest(body, [("Content-Type", "text/html; charset=windows-1251")])

    # Digests are kept in databases: where this one changes, the rules did, and SHOWN_BY must be raised too.
    assert (SHOWN_BY, digest.hex()) == (b"1", "e5c741d45e499d1f5b446e9eccc6b8c4")


def test_a_title_is_no_teaser_of_itself():
    before, after = page(["A sentence."], TEASER), page(["A sentence."], "Ministers met")

    assert not same_but_for({teaser_form(TEASER)}, changed_lines(before, after))
