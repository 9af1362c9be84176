"""Reading and comparing pages where they can be stopped: a hostile page costs seconds, not the run."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from crawler.decoding import LARGEST_PAGE
from crawler.errors import NothingReadable
from crawler.glances import TAME_SIZE, Glance, Glanced, glance, glance_all
from crawler.pool import OutOfBounds, Pool
from crawler.visible import changed_lines
from diffing.model import Document, Fetched
from seeds.sources import Source

if TYPE_CHECKING:
    from crawler.readings import Dropped, Reading

__all__ = ["Changed", "Extraction", "Extractor"]

DEADLINE = 4.5
"""Seconds a page may take, so that with the killing it stays within 5.

The slowest of 189 real pages took 0.3 s; 100,000 attributes on a tag take 60 where nothing ends them.
"""

MEMORY = 500 << 20
"""Bytes a worker may use beyond what it has after its imports; a 3 MB table takes 550 MB unlimited."""

READ_AT_HOME = 3
"""Pages of a run that are read without a pool, whose start costs about as much as 40 pages."""

GLANCED_AT_HOME = 60
"""Bodies of a run that are glanced at without a pool: 1.5 ms each, its start costs a core half a second."""

COMPARED_AT_HOME = 30
"""Pairs of bodies of a run that are compared without a pool, at twice that."""

TOGETHER = 8
"""Bodies that are glanced at in one task: to hand it on costs the run 0.3 ms, a fifth of a glance.

One of them that takes too long takes the others with it, and they are compared line by line.
"""

MOST_GATHERED = 256
"""Bodies that wait for the pool to start, 20 MB of them; what comes meanwhile is glanced at afterwards."""

_Headers: TypeAlias = tuple[tuple[str, str], ...]
_Job: TypeAlias = tuple[bytes, _Headers, str, str, str | None, str | None, ZoneInfo]
_Visit: TypeAlias = tuple[str, dt.datetime]
_Told = TypeVar("_Told")

Changed: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
"""The lines in which two bodies of a page differ, as `crawler.visible.changed_lines` tells them."""
_Answer: TypeAlias = "Reading | str"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What was read from one visit: a document, or why there is none; and what shows of it at a glance.

    `glance` None: there was no time or memory for it.
    """

    fetched: Fetched
    source: Source
    document: Document | None
    unreadable: str | None = None
    dropped: tuple[Dropped, ...] = field(default=(), repr=False)
    glance: Glance | None = None


@dataclass(slots=True)
class _Waiting:
    """A body that waits to be glanced at with others, and the answer once it was handed on with them."""

    glanced: Glanced | None
    answer: Callable[[], Glance | None] | None = None


class Extractor:
    """Reads pages, each within `deadline` seconds and `memory` bytes, in the order they are given.

    Used as a context manager. The first few small pages are read in this process; the pool starts
    when there are more, or when a page is large. A page that cannot be read, takes too long, takes
    too much memory or kills its worker is an `Extraction` without a document. What is begun ahead,
    while a run is still fetching, is not done again when it is asked for.
    """

    def __init__(
        self, workers: int | None = None, *, deadline: float = DEADLINE, memory: int = MEMORY
    ) -> None:
        self._pool = Pool(workers, deadline=deadline, memory=memory)
        # How many may still be done without a pool, and how many reads are left for it, not begun ahead.
        self._read_at_home = self._left_for_home = READ_AT_HOME
        self._glanced_at_home = GLANCED_AT_HOME
        self._compared_at_home = COMPARED_AT_HOME
        # What was begun ahead, by visit.
        self._read_ahead: dict[_Visit, Callable[[], tuple[_Answer, Glance | None]]] = {}
        self._glanced_ahead: dict[_Visit, Callable[[], Glance | None]] = {}
        self._gathered: list[_Waiting] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # All results were taken, or nobody wants them any more.
        self._pool.close()

    def read(self, fetched: Fetched, source: Source) -> Extraction:
        """What one visit says."""
        return self.submit(fetched, source)()

    def read_all(self, visits: Iterable[tuple[Fetched, Source]]) -> Iterator[Extraction]:
        """What each visit says, in the order of the visits; a few are read ahead, not all at once."""
        waiting: deque[Callable[[], Extraction]] = deque()
        for fetched, source in visits:
            waiting.append(self.submit(fetched, source))
            if len(waiting) > 4 * self._pool.workers:
                yield waiting.popleft()()
        while waiting:
            yield waiting.popleft()()

    def read_ahead(self, fetched: Fetched, source: Source) -> None:
        """Begins to read a visit that `submit` will ask for, unless there is enough to do already.

        The first pages are left to be read at home. Of two visits at one moment to one page the first counts,
        here and below, as it is the one that is kept.
        """
        if not self._pool.is_started and self._left_for_home > 0:
            self._left_for_home -= 1
            return
        self._pool.start()
        if self._pool.has_room and _key(fetched) not in self._read_ahead:
            self._read_ahead[_key(fetched)] = self._begin(_job_of(fetched, source))

    def glance_ahead(self, fetched: Fetched) -> None:
        """Begins to glance at a visit of which `glance` will ask, unless there is enough to do already."""
        if self._pool.is_ready:
            room = self._pool.has_room
        else:
            room = len(fetched.body) <= TAME_SIZE and len(self._gathered) < MOST_GATHERED
        if room and _key(fetched) not in self._glanced_ahead:
            self._glanced_ahead[_key(fetched)] = self._begin_to_glance(fetched)

    def submit(self, fetched: Fetched, source: Source) -> Callable[[], Extraction]:
        """Begins to read a visit; what is returned waits for the result."""
        begun = self._read_ahead.pop(_key(fetched), None)
        result = begun or self._begin(_job_of(fetched, source))

        def wait() -> Extraction:
            answer, seen = result()
            if isinstance(answer, str):
                return Extraction(
                    fetched=fetched, source=source, document=None, unreadable=answer, glance=seen
                )
            return Extraction(
                fetched=fetched, source=source, document=answer.document, dropped=answer.dropped, glance=seen
            )

        return wait

    def glance(self, fetched: Fetched, body: Callable[[], bytes]) -> Callable[[], Glance | None]:
        """Begins to glance at a visit; what is returned waits for the result.

        `body` gives its body, and is asked only where this was not begun ahead. The result is None where it
        could not be told in time or memory.
        """
        begun = self._glanced_ahead.pop(_key(fetched), None)
        return begun or self._begin_to_glance(replace(fetched, body=body()))

    def compare(self, previous: bytes, fetched: Fetched) -> Callable[[], Changed | None]:
        """Begins to compare a visit with an earlier body of its page; what is returned waits for the result.

        It is None where it could not be told in time or memory.
        """
        pair = previous, fetched.body, fetched.headers
        tame = max(len(previous), len(fetched.body)) <= TAME_SIZE
        if not self._pool.is_started and self._compared_at_home and tame:
            self._compared_at_home -= 1
            changed = _compare(pair)
            return lambda: changed
        return partial(_unless_stopped, self._pool.run(_compare, pair))

    def _begin(self, job: _Job) -> Callable[[], tuple[_Answer, Glance | None]]:
        size = len(job[0])
        if size > LARGEST_PAGE:
            answer = f"the page has {size:,} bytes; pages up to {LARGEST_PAGE:,} are read", None
            return lambda: answer
        if not self._pool.is_started and self._read_at_home and size <= TAME_SIZE:
            self._read_at_home -= 1
            found = _read(job)
            return lambda: found
        read = self._pool.run(_read, job)

        def result() -> tuple[_Answer, Glance | None]:
            try:
                return read()
            except OutOfBounds as error:
                return f"reading the page {error}", None

        return result

    def _begin_to_glance(self, fetched: Fetched) -> Callable[[], Glance | None]:
        glanced = fetched.body, fetched.headers, fetched.url
        if len(fetched.body) > TAME_SIZE:
            return partial(_unless_stopped, self._pool.run(glance, glanced))
        waiting = _Waiting(glanced)
        self._gathered.append(waiting)
        if self._pool.is_ready:
            if len(self._gathered) >= TOGETHER:
                self._hand_on()
        elif len(self._gathered) > self._glanced_at_home:
            self._pool.start()
        return partial(self._glance_of, waiting)

    def _glance_of(self, waiting: _Waiting) -> Glance | None:
        if waiting.answer is None and waiting.glanced is not None:
            if not self._pool.is_started and self._glanced_at_home > 0:
                self._glanced_at_home -= 1
                self._gathered.remove(waiting)
                return glance(waiting.glanced)
            self._hand_on()
        return None if waiting.answer is None else waiting.answer()

    def _hand_on(self) -> None:
        """Gives the pool what was gathered for it; the bodies are its own from then on."""
        gathered, self._gathered = self._gathered, []
        for start in range(0, len(gathered), TOGETHER):
            some = gathered[start : start + TOGETHER]
            answers = self._pool.run(glance_all, [each.glanced for each in some if each.glanced is not None])
            for place, each in enumerate(some):
                each.glanced, each.answer = None, partial(_one_of, answers, place)


def _key(fetched: Fetched) -> _Visit:
    return fetched.url, fetched.fetched_at


def _one_of(answers: Callable[[], list[Glance]], place: int) -> Glance | None:
    found = _unless_stopped(answers)
    return None if found is None else found[place]


def _unless_stopped(answer: Callable[[], _Told]) -> _Told | None:
    try:
        return answer()
    except OutOfBounds:
        return None


def _compare(pair: tuple[bytes, bytes, _Headers]) -> Changed:
    return changed_lines(*pair)


def _job_of(fetched: Fetched, source: Source) -> _Job:
    return (
        fetched.body,
        fetched.headers,
        fetched.final_url or fetched.url,
        source.language,
        source.content,
        source.date,
        source.timezone,
    )


def _read(job: _Job) -> tuple[_Answer, Glance | None]:
    """The reading, or why there is none; and what shows at a glance."""
    # Where there is a pool, the run itself reads nothing, and does without trafilatura.
    from crawler.extraction import read

    body, headers, url, language, content, date, timezone = job
    answer: _Answer
    try:
        answer = read(body, headers, url, language=language, content=content, date=date, timezone=timezone)
    except NothingReadable as error:
        answer = error.reason
    return answer, glance((body, headers, url))
