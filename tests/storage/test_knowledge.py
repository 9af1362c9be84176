"""What is known: exact, worth scoring, of an event, and as of a day."""

from __future__ import annotations

import datetime as dt
import functools
import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from diffing.normal import normalise
from storage.archive import Archive, open_archive
from storage.terms import pairs_of, terms_of

DAY = dt.timedelta(days=1)


def _sentences(count: int, seed: int = 1) -> list[str]:
    """Sentences of 14 words, common and rare ones mixed as in a language (Zipf)."""
    draw = random.Random(seed)
    ranks = [[min(9999, int(10 * draw.paretovariate(0.9))) for _ in range(14)] for _ in range(count)]
    return [" ".join(map(_word, sentence)) + "." for sentence in ranks]


@functools.cache
def _word(rank: int) -> str:
    """The word of that rank: letters of its own, the rarer the longer."""
    draw = random.Random(rank)
    return "".join(draw.choice("абвгдеklmnoprstиуэ") for _ in range(2 + len(str(rank)) + draw.randrange(4)))


def _edited(sentence: str, draw: random.Random) -> str:
    words = sentence.split()
    for _ in range(3):
        words[draw.randrange(len(words))] = _word(draw.randrange(10, 9999))
    return " ".join(words)


def test_the_exact_statement_is_the_oldest_that_says_it(archive: Archive, words) -> None:
    words.page(archive, "Rubezh-2025 moves.", at=words.noon + DAY)
    words.page(archive, "RUBEZH–2025 moves.", at=words.noon, url="https://en.example.org/first/")

    known = archive.known().exact(normalise("Rubezh-2025 moves."))

    assert (known.origin, known.said_on, known.text) == (
        "https://en.example.org/first/",
        words.noon.date(),
        "RUBEZH–2025 moves.",
    )
    assert archive.known().exact(normalise("Rubezh-2025 stays.")) is None


def test_nothing_that_was_not_accepted_is_known(archive: Archive, words) -> None:
    run = archive.begin_run(words.noon, "crawl", [])
    statements = (words.statement("Photo: press service."), words.statement("Rubezh-2025 moves.", 1))
    from diffing.model import Outcome

    archive.record_revision(
        archive.record_capture(run, words.fetched()), Outcome.NEW, words.document(), statements, ((), ()), (),
        said_on=None, extractor="1", understood_at=words.noon, accepted=(1,), text_hash="",
    )  # fmt: skip

    assert archive.known().exact(normalise("Photo: press service.")) is None
    assert archive.known().candidates(normalise("Photo: press service."), ()) == ()
    assert len(archive.search("press")) == 1
    assert archive.verify() == ()


@pytest.mark.parametrize("seed", [1, 2])
def test_candidates_hold_what_brute_force_would_find(archive: Archive, words, seed: int) -> None:
    sentences = _sentences(3000, seed)
    archive.add_baseline(words.text(*sentences), [()] * len(sentences), words.noon)
    draw = random.Random(seed)
    known = archive.known()
    normals = [normalise(sentence) for sentence in sentences]

    missed = asked = 0
    for sentence in draw.sample(sentences, 100):
        query = normalise(_edited(sentence, draw))
        best = max(fuzz.ratio(query, normal) for normal in normals)
        found = max((fuzz.ratio(query, other.normal) for other in known.candidates(query, ())), default=0)
        if best >= 70:
            asked += 1
            missed += found < best

    assert asked >= 50
    assert missed <= 1


def _of_common_words(count: int) -> list[str]:
    """Sentences of six words out of sixty, so that each word is in hundreds of them."""
    draw = random.Random(5)
    return [" ".join(_word(draw.randrange(10, 70)) for _ in range(6)) + "." for _ in range(count)]


def test_a_statement_of_common_words_only_is_found(archive: Archive, words) -> None:
    sentences = _of_common_words(4000)
    archive.add_baseline(words.text(*sentences), [()] * len(sentences), words.noon)
    draw, known = random.Random(6), archive.known()

    missed = 0
    for sentence in draw.sample(sentences, 100):
        kept = sentence.split()
        kept[draw.randrange(6)] = _word(9000)
        found = {candidate.text for candidate in known.candidates(normalise(" ".join(kept)), ())}
        missed += sentence not in found

    assert missed <= 1


def test_the_oldest_of_equally_close_statements_are_the_candidates(archive: Archive, words) -> None:
    texts = [f"Учения пройдут на полигоне номер {number} в горах." for number in range(900)]
    archive.add_baseline(words.text(*texts), [()] * len(texts), words.noon)

    found = archive.known().candidates(normalise("Учения пройдут на полигоне в горах."), ())

    assert 15 <= len(found) <= 25
    assert {known.text for known in found} >= set(texts[:10])


@given(
    st.lists(st.text(st.characters(categories=("L", "N")), min_size=1, max_size=9), max_size=12), st.randoms()
)
def test_the_terms_of_a_statement_do_not_depend_on_the_order_of_its_words(texts, draw) -> None:
    shuffled = list(texts)
    draw.shuffle(shuffled)

    assert terms_of(normalise(" ".join(texts))) == terms_of(normalise(" ".join(shuffled)))


def test_a_long_hostile_line_is_indexed_and_asked_in_no_time(archive: Archive, words) -> None:
    line = " ".join(f"{number:x}-{number}" for number in range(20_000))
    before = time.process_time()

    archive.add_baseline(words.text(line), ((),), words.noon)
    found = archive.known().candidates(normalise(line + " x"), ())

    assert len(found) == 1
    assert time.process_time() - before < 10


def test_candidates_are_few_oldest_first_and_the_same_each_time(archive: Archive, words) -> None:
    for number in range(80):
        words.page(
            archive,
            f"Rubezh-2025 moves to day {number}.",
            url=f"https://en.example.org/{number}/",
            at=words.noon - number * DAY,
            facts=(words.window(),),
        )
    query = normalise("Rubezh-2025 moves to day 7.")

    found = archive.known().candidates(query, ["Rubezh-2025"])

    assert len(found) <= 40
    assert found == archive.known().candidates(query, ["Rubezh-2025"])
    assert [known.said_on for known in found] == sorted(known.said_on for known in found)
    assert query in {known.normal for known in found}


def test_a_statement_that_names_the_event_is_a_candidate_whatever_its_words(archive: Archive, words) -> None:
    archive.add_baseline(words.text("Учения состоятся в октябре."), ((words.window(),),), words.noon)

    found = archive.known().candidates(
        normalise("The exercise is cancelled."), ["Rubezh-2025", "Echelon-2025"]
    )

    assert [known.text for known in found] == ["Учения состоятся в октябре."]
    assert archive.known().candidates("", ()) == ()


def test_what_came_later_is_not_known_on_an_earlier_day(archive: Archive, words) -> None:
    words.page(archive, "Rubezh-2025 moves.", facts=(words.window(),))
    before, after = archive.known(words.noon - DAY), archive.known(words.noon)
    query = normalise("Rubezh-2025 moves.")

    assert before.exact(query) is None
    assert before.candidates(query, ["Rubezh-2025"]) == before.facts_of("Rubezh-2025") == ()
    assert after.exact(query) is not None
    assert len(after.candidates(query, ["Rubezh-2025"])) == len(after.facts_of("Rubezh-2025")) == 1


def test_facts_are_told_in_the_order_in_which_they_were_said(archive: Archive, words) -> None:
    words.page(archive, "Now.", facts=(words.window(),))
    archive.add_baseline(words.text("Then."), ((words.window(words.autumn),),), words.noon + DAY)
    archive.add_baseline(
        words.text("Undated.", said_on=None, origin="note"), ((words.window(),),), words.noon + DAY
    )

    facts = archive.known().facts_of("Rubezh-2025")

    assert [known.statement.text for known in facts] == ["Then.", "Now.", "Undated."]


def test_a_statement_of_one_long_word_is_kept_and_found(archive: Archive, words) -> None:
    long = "1" * 100_000
    archive.add_baseline(words.text(long, "a_b _ __", "\x00"), ((), (), ()), words.noon)

    assert archive.known().exact(long).text == long
    assert len(archive.known().candidates(long, ())) == 1
    assert archive.verify() == ()


def test_indexes_are_made_anew_as_they_were(archive: Archive, words) -> None:
    words.page(archive, "Rubezh-2025 moves.", "Учения в Берёзовке.")
    archive.rebuild_indexes()
    archive._connection.run("DELETE FROM words")
    assert [finding.check for finding in archive.verify()] == ["indexes"]

    assert archive.rebuild_indexes() == 2

    assert archive.verify() == ()
    assert len(archive.search("березовка")) == 0
    assert len(archive.search("берёзов")) == 1
    assert len(archive.known().candidates(normalise("Rubezh-2025 moves"), ())) == 1


def test_candidates_are_the_same_from_an_index_made_anew_and_after_tidying(archive: Archive, words) -> None:
    sentences = _sentences(400)
    for number in range(0, 400, 20):
        words.page(archive, *sentences[number : number + 20], url=f"https://en.example.org/{number}/")
    draw = random.Random(3)
    queries = [normalise(_edited(sentence, draw)) for sentence in sentences[::10]]
    before = [archive.known().candidates(query, ()) for query in queries]

    archive.end_run(
        archive.begin_run(words.noon, "crawl", []), words.noon, outcomes={}, changes={}, failures={}
    )
    tidied = [archive.known().candidates(query, ()) for query in queries]
    archive.rebuild_indexes()

    assert before == tidied == [archive.known().candidates(query, ()) for query in queries]
    assert archive.verify() == ()


def test_what_waits_to_be_indexed_is_found_by_all_and_after_a_kill(archive: Archive, words) -> None:
    words.page(archive, "Rubezh-2025 moves.")
    query = normalise("Rubezh-2025 moves again.")
    with open_archive(archive.path) as reader:
        known = reader.known()
        first = known.candidates(query, ())
        words.page(archive, "Rubezh-2025 stays.", url="https://en.example.org/second/")
        second = known.candidates(query, ())

    with open_archive(archive.path) as reader:
        assert reader._connection.value("SELECT count(*) FROM candidates_waiting") == 2
        assert reader.known().candidates(query, ()) == second
        assert reader.verify() == ()

    assert [known.text for known in first] == ["Rubezh-2025 moves."]
    assert [known.text for known in second] == ["Rubezh-2025 moves.", "Rubezh-2025 stays."]


def test_what_was_undone_is_not_found(archive: Archive, words) -> None:
    words.page(archive, "Rubezh-2025 moves.")
    query = normalise("Rubezh-2025 moves again.")

    def interrupted() -> None:
        with archive.together():
            words.page(archive, "Rubezh-2025 moves again today.", url="https://en.example.org/second/")
            assert len(archive.known().candidates(query, ())) == 2
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    words.page(archive, "Echelon-2025 moves.", url="https://en.example.org/third/")

    found = archive.known().candidates(query, ())

    assert [known.text for known in found] == ["Rubezh-2025 moves.", "Echelon-2025 moves."]
    assert archive.verify() == ()


def _asked_page_by_page(archive: Archive, words, between: Callable[[], object]) -> list[list[str]]:
    """What is found for each statement before its page is recorded, as in a crawl."""
    sentences = [*_sentences(200), *_of_common_words(200)]
    random.Random(2).shuffle(sentences)
    found = []
    for number in range(0, 400, 25):
        page, known = sentences[number : number + 25], archive.known()
        between()
        found += [[other.text for other in known.candidates(normalise(said), ())] for said in page]
        # The last ones first, so that some become known later than others that were kept after them.
        words.page(archive, *reversed(page), url=f"https://en.example.org/{number}/")
    return found


@pytest.mark.parametrize(("waiting", "remembered"), [(1, 200_000), (60, 300), (1000, 200_000)])
def test_candidates_are_the_same_however_many_wait_or_are_remembered(
    archive: Archive, words, tmp_path, monkeypatch: pytest.MonkeyPatch, waiting: int, remembered: int
) -> None:
    with open_archive(tmp_path / "plain.db", write=True, create=True) as plain:
        wanted = _asked_page_by_page(plain, words, plain.rebuild_indexes)
    monkeypatch.setattr("storage.candidates._WAITING", waiting)
    monkeypatch.setattr("storage.candidates._REMEMBERED", remembered)

    found = _asked_page_by_page(archive, words, lambda: None)

    assert found == wanted
    assert archive.verify() == ()


def test_an_index_made_anew_holds_each_normal_form_once(archive: Archive, words) -> None:
    words.page(archive, "Rubezh-2025 moves.")
    words.page(archive, "RUBEZH–2025 moves.", url="https://en.example.org/again/")
    archive._connection.run("UPDATE statements SET candidate = 1")

    archive.rebuild_indexes()

    assert archive._connection.value("SELECT count(*) FROM statements WHERE candidate = 1") == 1
    assert archive.verify() == ()


def test_words_of_one_code_make_no_term_twice() -> None:
    """Else a pair would count twice as long as it waits to be written into the index."""
    one, other = _of_one_code()

    terms = terms_of(normalise(f"{one} {other} moves")).each()

    assert pairs_of([one, "moves"]) == pairs_of([other, "moves"])
    assert len(terms) == len(set(terms))


def _of_one_code() -> tuple[str, str]:
    """Two words that a pair's code does not tell apart."""
    seen: dict[str, str] = {}
    for number in range(10_000):
        word = _word(number + 1000)
        (code, *_) = pairs_of([word, word])
        if seen.setdefault(code, word) != word:
            return seen[code], word
    raise AssertionError("no two words share a code")
