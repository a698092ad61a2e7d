"""What a question to the library costs, and an index of it, beside plain BM25 over the same texts."""

import time
from collections.abc import Callable, Sequence
from importlib import resources
from itertools import cycle, islice
from statistics import median

import bm25s

from storage import practice_file
from storage.models import Practice
from storage.search import finder, index
from tests import cast
from tests.bench.figures import Figure, Section
from tests.bench.sizes import Sizes

BESIDE = "plain BM25"
QUERY_MOST, BUILD_MOST = 20.0, 1000.0
ASKED = (
    "inclusive procurement",
    "how do you pay small vendors faster",
    "who has tried participatory budgeting with teenagers",
    "procurment for minorty owned buisness",
    "heat islands and trees",
    "eviction legal aid in Philadelphia",
    "MWBE dashboard",
    "something about quantum entanglement",
)
BUILDS = 3


def measure(sizes: Sizes) -> Section:
    practices = library()
    texts = [" ".join([one.title, one.summary, *map(str, one.topics), *map(str, one.steps)]) for one in practices]
    questions = [*ASKED, *(one.title for one in practices)]
    index.build(practices)  # imports what it needs
    builds = _milliseconds(lambda _: index.build(practices), [""] * BUILDS)
    plain_builds = _milliseconds(lambda _: _plain(texts), [""] * BUILDS)
    ready, plain = index.build(practices), _plain(texts)
    asked = list(islice(cycle(questions), sizes.questions))
    took = _milliseconds(lambda question: finder.ask(ready, question), asked)
    plain_took = _milliseconds(lambda question: plain.retrieve(_tokens([question]), k=5, show_progress=False), asked)
    figures = [
        Figure(f"{len(asked)} questions: p50", median(took), "ms", BESIDE, median(plain_took), most=QUERY_MOST),
        Figure(f"{len(asked)} questions: the slowest", max(took), "ms", BESIDE, max(plain_took)),
        Figure(f"index of {len(practices)} practices", min(builds), "ms", BESIDE, min(plain_builds), most=BUILD_MOST),
    ]
    return Section("Search", figures)


def library() -> list[Practice]:
    reading = practice_file.read(resources.files("storage").joinpath("library/practices.yaml").read_bytes())
    return [entry.row(1, number, cast.START) for number, entry in enumerate(reading.entries, start=1)]


def _plain(texts: Sequence[str]) -> bm25s.BM25:
    ranker = bm25s.BM25()
    ranker.index(_tokens(texts), show_progress=False)
    return ranker


def _tokens(texts: Sequence[str]) -> object:
    return bm25s.tokenize(list(texts), stopwords="en", show_progress=False)


def _milliseconds(work: Callable[[str], object], given: Sequence[str]) -> list[float]:
    took = []
    for one in given:
        started = time.perf_counter()
        work(one)
        took.append((time.perf_counter() - started) * 1000)
    return took
