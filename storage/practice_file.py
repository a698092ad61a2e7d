"""Reads a file of practices (YAML), and names everything that is wrong with it, entry by entry; pure."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import yaml

from storage.models import Practice

ELEMENTS = (
    "broadly-partnered",
    "data-driven",
    "dynamically-planned",
    "employee-engaged",
    "race-informed",
    "resident-involved",
    "smartly-resourced",
)
TEXTS = {"title": 140, "summary": 2000, "outcome": 1000, "years": 40}
LISTS = {"steps": (0, 400), "places": (1, 80), "elements": (0, 40), "topics": (1, 40), "networks": (0, 80)}
MOST = 20
URL_LIMIT = 1000
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_URL = re.compile(r"https?://[^\s<>|]+")
# The C loader reads the starter library ten times faster; it is in every wheel, but not in every build.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Entry:
    """One practice of a file; `slug` is its id there."""

    slug: str
    title: str
    summary: str
    steps: list[str]
    outcome: str
    places: list[str]
    years: str
    elements: list[str]
    topics: list[str]
    networks: list[str]
    sources: list[dict[str, str]]
    verified: bool

    def row(self, program_id: int, number: int, at: datetime) -> Practice:
        return Practice(program_id=program_id, number=number, status="published", updated_at=at, **asdict(self))

    def differs(self, practice: Practice) -> bool:
        return any(getattr(practice, name) != value for name, value in asdict(self).items())


@dataclass(frozen=True)
class Reading:
    """The entries of a file, or what is wrong with it: one of the two is empty, unless the file is."""

    entries: list[Entry]
    problems: list[str]


def read(data: bytes) -> Reading:
    try:
        content = yaml.load(data, Loader=_LOADER)  # noqa: S506 (both are safe loaders)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return Reading([], [f"This is not YAML that I can read: {_where(error)}."])
    if not isinstance(content, list) or not content:
        return Reading([], ["The file should be a list of practices, each starting with `- id: …`."])
    problems = [
        f"{_named(one, place)}: {problem}." for place, one in enumerate(content, start=1) for problem in _problems(one)
    ]
    ids = Counter(str(one["id"]) for one in content if isinstance(one, dict) and "id" in one)
    problems += [f"{slug}: this id stands in the file {times} times." for slug, times in ids.items() if times > 1]
    return Reading([], problems) if problems else Reading([_entry(one) for one in content], [])


def _where(error: yaml.YAMLError | UnicodeDecodeError) -> str:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or "it is not UTF-8 text"
    return f"line {mark.line + 1}: {what}" if mark else what


def _named(one: Any, place: int) -> str:
    slug = one.get("id") if isinstance(one, dict) else None
    return str(slug) if slug else f"entry {place}"


def _problems(one: Any) -> Iterator[str]:
    if not isinstance(one, dict):
        yield "should have fields such as `title:` and `summary:`"
        return
    names = {"id", *TEXTS, *LISTS, "sources", "verified"}
    yield from (f"`{name}` is missing" for name in sorted(names - one.keys() - {"verified"}))
    yield from (f"`{name}` is not a field of a practice" for name in sorted(map(str, one.keys() - names)))
    if "id" in one and not (isinstance(one["id"], str) and _SLUG.fullmatch(one["id"])):
        yield "`id` should be lower-case words joined by hyphens"
    for name, longest in TEXTS.items():
        if name in one:
            yield from _text_problems(name, one[name], longest)
    for name in LISTS:
        if name in one:
            yield from _list_problems(name, one[name])
    yield from _source_problems(one.get("sources", []))
    if not isinstance(one.get("verified", False), bool):
        yield "`verified` should be true or false"


def _text_problems(name: str, value: Any, longest: int) -> Iterator[str]:
    text = str(value) if name == "years" and isinstance(value, int) else value
    if not isinstance(text, str) or not text.strip():
        yield f"`{name}` should be a text"
    elif len(text) > longest:
        yield f"`{name}` has {len(text)} characters; {longest} fit"


def _list_problems(name: str, value: Any) -> Iterator[str]:
    least, longest = LISTS[name]
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        yield f"`{name}` should be a list of texts"
        return
    if not least <= len(value) <= MOST:
        yield f"`{name}` should have {least} to {MOST} entries"
    yield from (f"`{name}`: “{one[:30]}…” is longer than {longest} characters" for one in value if len(one) > longest)
    if name == "elements":
        unknown = [one for one in value if one not in ELEMENTS]
        yield from (f"element “{one}” is none of {', '.join(ELEMENTS)}" for one in unknown)


def _source_problems(value: Any) -> Iterator[str]:
    if not isinstance(value, list) or len(value) > MOST:
        yield f"`sources` should be a list of up to {MOST}, each with a title and a url"
        return
    for place, source in enumerate(value, start=1):
        if not isinstance(source, dict) or set(source) != {"title", "url"}:
            yield f"source {place} should have a title and a url, and nothing else"
        elif not isinstance(source["title"], str) or not 0 < len(source["title"].strip()) <= TEXTS["title"] * 2:
            yield f"source {place}: the title should be a text of up to {TEXTS['title'] * 2} characters"
        elif not isinstance(source["url"], str) or not _URL.fullmatch(source["url"]) or len(source["url"]) > URL_LIMIT:
            yield f"source {place}: the url should start with http:// or https:// and have up to {URL_LIMIT} characters"


def _entry(one: dict[str, Any]) -> Entry:
    values: dict[str, Any] = {name: str(one[name]).strip() for name in TEXTS}
    values |= {name: [text.strip() for text in one[name]] for name in LISTS}
    values["sources"] = [{"title": source["title"].strip(), "url": source["url"]} for source in one["sources"]]
    return Entry(slug=one["id"], verified=one.get("verified", False), **values)
