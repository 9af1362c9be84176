"""The replica's data files load into the site of a given day, and a faulty file is refused whole."""

import datetime as dt

import pytest

from diffing.model import BlockKind
from seeds.errors import InvalidSeed
from seeds.replica import load_replica

HEAD = "+++\npublished = 2025-09-11\n"


@pytest.fixture(scope="module")
def site():
    return load_replica()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "articles" / "en").mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "one.html").write_text("{{ words }}")
    (tmp_path / "sources.toml").write_text('start = ["{origin}/"]')
    (tmp_path / "site.toml").write_text(
        "days = [2025-01-30]\npage_size = 5\n"
        '[[look]]\nsince = 2025-01-01\ntemplate = "one"\n[words.en]\nsite = "S"\n'
    )
    return tmp_path


def write(folder, text, slug="a-page"):
    (folder / "articles" / "en" / f"{slug}.md").write_text(text, encoding="utf-8")


def article(site, slug, language="en"):
    return next(each for each in site.articles if (each.slug, each.language) == (slug, language))


def test_the_year_is_played_from_30_january_to_20_october_in_both_languages(site):
    assert (site.days[0], site.days[-1]) == (dt.date(2025, 1, 30), dt.date(2025, 10, 20))
    assert 8 <= len(site.days) <= 12
    assert {each.language for each in site.articles} == {"en", "ru"}


def test_editions_of_one_story_share_the_slug(site):
    english = {each.slug for each in site.articles if each.language == "en"}
    russian = {each.slug for each in site.articles if each.language == "ru"}

    assert russian <= english


def test_some_story_stands_in_russian_a_day_before_it_stands_in_english(site):
    slug = "ucheniya-v-belarusi-nachnutsya-31-avgusta"

    assert article(site, slug, "en").since - article(site, slug, "ru").since == dt.timedelta(days=1)


def test_every_played_day_but_the_quiet_one_brings_something(site):
    def looks_the_same(before, after):
        return all(site.on(before, language) == site.on(after, language) for language in site.words)

    quiet = [
        after
        for before, after in zip(site.days, site.days[1:], strict=False)
        if looks_the_same(before, after)
    ]

    assert quiet == [dt.date(2025, 6, 30)]
    assert site.look(quiet[0]) != site.look(dt.date(2025, 6, 6)), "a redesign falls on the quiet day"


def test_an_edit_shows_from_its_day_on_and_leaves_the_displayed_date_alone(site):
    page = article(site, "na-poligone-edelveys-proydet-uchenie-rubezh-2025")
    before, after = page.on(dt.date(2025, 9, 11)), page.on(dt.date(2025, 9, 12))

    assert before.published == after.published
    assert "About 1,000 personnel" in " ".join(block.text for block in before.blocks)
    assert "Some 1,200 personnel" in " ".join(block.text for block in after.blocks)


def test_a_page_is_on_the_site_from_its_first_day_to_the_day_before_it_is_gone(site):
    page = article(site, "programma-dnya-dlya-nablyudateley")

    assert page.on(dt.date(2025, 9, 7)) is None
    assert page.on(dt.date(2025, 9, 8)) is not None
    assert page.on(dt.date(2025, 9, 11)) is not None
    assert page.on(dt.date(2025, 9, 12)) is None
    assert sum(day >= page.until for day in site.days) >= 2, "two visits must find it gone"


def test_pages_come_newest_first(site):
    published = [page.published for page in site.on(site.days[-1], "en")]

    assert published == sorted(published, reverse=True)


def test_sources_are_filled_with_the_address_of_the_server(site):
    text = site.sources_at("http://127.0.0.1:8123")

    assert "http://127.0.0.1:8123/ru/news/news_odkb/" in text
    assert "{origin}" not in text


def test_paragraphs_lists_and_quotations_are_read_line_by_line(folder):
    write(folder, HEAD + "+++\n# Title\n\nA lead.\n\nThey will:\n\n- go;\n- stay.\n\n> A word.\n")

    page = load_replica(folder).articles[0]

    assert (page.title, page.lead) == ("Title", "A lead.")
    assert [(block.kind, block.text) for block in page.blocks[1:]] == [
        (BlockKind.PARAGRAPH, "They will:"),
        (BlockKind.ITEM, "go;"),
        (BlockKind.ITEM, "stay."),
        (BlockKind.QUOTE, "A word."),
    ]


def test_all_faults_of_an_article_are_told_at_once(folder):
    write(
        folder,
        '+++\ntitels = 2\ndate = "above"\nteasers = 9\nvalidator = "etag"\n'
        '[[edits]]\nday = 2025-01-01\nold = "absent"\nnew = "x"\n+++\nNo title\n\n- an item\n',
        slug="A_page",
    )

    with pytest.raises(InvalidSeed) as caught:
        load_replica(folder)

    told = " | ".join(caught.value.faults)
    assert len(caught.value.faults) == 9
    for word in (
        "'A_page'",
        "did you mean 'titles'",
        "above",
        "9",
        "no published",
        "no title",
        "teaser",
        "counter",
    ):
        assert word in told
    assert "'absent'" in told


def test_a_file_without_settings_is_refused(folder):
    write(folder, "# Title\n\nText.\n")

    with pytest.raises(InvalidSeed, match=r"a-page\.md: must open with its settings"):
        load_replica(folder)


def test_all_faults_of_the_site_file_are_told_at_once(folder):
    (folder / "site.toml").write_text(
        'dayz = []\npage_size = 0\n[[look]]\nsince = 2025-01-01\ntemplate = "two"\n[words.xx]\nsite = "S"\n'
    )

    with pytest.raises(InvalidSeed) as caught:
        load_replica(folder)

    told = " | ".join(caught.value.faults)
    assert len(caught.value.faults) == 5
    assert all(
        word in told for word in ("'dayz'", "days must", "page_size", "among one", "edition's language")
    )
