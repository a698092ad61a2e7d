"""One measured figure beside its reference and what is expected of it, and the table of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

HEADINGS = ("what", "figure", "reference", "ratio", "expected", "")


@dataclass(frozen=True)
class Figure:
    """`beside` names the reference. Expected: at `most` or `least` so much, and `most_ratio` of the reference."""

    what: str
    value: float
    unit: str
    beside: str = ""
    reference: float | None = None
    most: float | None = None
    least: float | None = None
    most_ratio: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.reference if self.reference else None

    @property
    def ok(self) -> bool | None:
        """Whether all that is expected holds; None when nothing is."""
        held = []
        if self.most is not None:
            held.append(self.value <= self.most)
        if self.least is not None:
            held.append(self.value >= self.least)
        if self.most_ratio is not None:
            held.append(self.ratio is not None and self.ratio <= self.most_ratio)
        return all(held) if held else None

    @property
    def expected(self) -> str:
        parts = [f"{_number(self.most)} at most" if self.most is not None else ""]
        parts.append(f"{_number(self.least)} at least" if self.least is not None else "")
        parts.append(f"ratio {self.most_ratio:g} at most" if self.most_ratio is not None else "")
        return ", ".join(part for part in parts if part)

    def as_json(self) -> dict[str, Any]:
        given = {name: value for name, value in vars(self).items() if value not in (None, "")}
        return given | {"ratio": self.ratio, "ok": self.ok}


@dataclass(frozen=True)
class Section:
    """Figures that belong together."""

    title: str
    figures: list[Figure]


def table(section: Section) -> str:
    """The figures of a section as lines of aligned columns."""
    rows = [HEADINGS, *(_row(figure) for figure in section.figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [_line(row, widths) for row in rows]
    return "\n".join([section.title, *(f"  {line}" for line in lines)])


def missed(sections: Sequence[Section]) -> list[Figure]:
    """What is not as expected."""
    return [figure for section in sections for figure in section.figures if figure.ok is False]


def _row(figure: Figure) -> tuple[str, ...]:
    reference = "" if figure.reference is None else f"{_number(figure.reference)} {figure.beside}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    verdict = {None: "", True: "ok", False: "not"}[figure.ok]
    return figure.what, f"{_number(figure.value)} {figure.unit}", reference, ratio, figure.expected, verdict


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value == round(value) or abs(value) >= 100 else f"{value:.3g}"
