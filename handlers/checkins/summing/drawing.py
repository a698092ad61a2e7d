"""Draws the picture of a summary: a line for each question over the rounds, on a ground of its own, so that it is read in any theme.

Its text is large enough for a phone, which shows it at a third of its size. matplotlib is imported when something is drawn, not before.
"""

import io
import textwrap
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from handlers.checkins.summing import charts
from handlers.checkins.summing.trends import Trend

INK, SOFT, GRID, LINE, GROUND = "#1d2733", "#5b6675", "#d9dee5", "#1f5fa8", "#fbfaf6"
WIDE, HIGH, DOTS = 5.0, 2.1, 200  # inches of a panel, and dots in an inch
TITLE, SMALL = 12, 11
LINE_OF_TITLE, LINES_OF_TITLE = 44, 3
DATES_SHOWN = 4
COLORS = 48


def picture(trends: Sequence[Trend], today: date) -> bytes:
    """A PNG. Takes a few tenths of a second (the first time some more): call it in a thread."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 (heavy, and seldom needed)
    from matplotlib.figure import Figure  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    figure = Figure(figsize=(WIDE, HIGH * len(trends) + 0.3), dpi=DOTS, facecolor=GROUND, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    for axes, trend in zip(figure.subplots(len(trends), 1, squeeze=False)[:, 0], trends, strict=True):
        _panel(axes, trend, today)
    canvas.draw()  # type: ignore[no-untyped-call]
    drawn = bytes(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    image = Image.frombytes("RGBA", canvas.get_width_height(), drawn).convert("RGB").quantize(COLORS)
    kept = io.BytesIO()
    image.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _panel(axes: Any, trend: Trend, today: date) -> None:
    places = range(len(trend.points))
    values = [value for _, value in trend.points]
    axes.set_facecolor(GROUND)
    axes.plot(places, values, color=LINE, linewidth=2.5, marker="o", markersize=6, clip_on=False, zorder=3)
    axes.set_title(_title(trend.question), loc="left", fontsize=TITLE, color=INK, pad=14, parse_math=False)
    _span(axes, trend, values)
    _dates(axes, [on for on, _ in trend.points], today)
    for place in {0, len(values) - 1}:
        above = {"xy": (place, values[place]), "xytext": (0, 8), "textcoords": "offset points"}
        text = f"{values[place]:.1f}" if trend.scale else charts.spoken(values[place])
        axes.annotate(text, **above, ha="center", fontsize=TITLE, color=LINE, fontweight="bold")
    axes.tick_params(colors=SOFT, labelsize=SMALL, length=0)
    axes.grid(axis="y", color=GRID, linewidth=1)
    for side in axes.spines.values():
        side.set_visible(False)


def _span(axes: Any, trend: Trend, values: Sequence[float]) -> None:
    """A scale always shows all of itself, so that a small step looks small."""
    axes.margins(x=0.06)
    if trend.scale:
        axes.set_ylim(0.8, 5.5)
        axes.set_yticks([1, 2, 3, 4, 5])
        return
    least, most = min(0.0, *values), max(0.0, *values)
    room = (most - least) or 1.0
    axes.set_ylim(least - (0.2 * room if least < 0 else 0), most + 0.3 * room)
    axes.locator_params(axis="y", nbins=4)
    axes.yaxis.set_major_formatter(lambda value, _place: charts.spoken(value))


def _dates(axes: Any, days: Sequence[date], today: date) -> None:
    """The first and the last date, and a few between them."""
    last = len(days) - 1
    step = max(1, -(-last // (DATES_SHOWN - 1)))
    shown = sorted({*range(last, -1, -step), 0} - ({last % step} if 0 < last % step < step / 2 else set()))
    axes.set_xticks(shown, [_short(days[place], today) for place in shown])


def _short(day: date, today: date) -> str:
    return f"{day:%b} {day.day}" + ("" if day.year == today.year else f"\n{day.year}")


def _title(question: str) -> str:
    """The question in a few lines, without letters that the font does not have."""
    known = _letters()
    text = " ".join("".join(letter for letter in question if ord(letter) in known or letter.isspace()).split())
    lines = textwrap.wrap(text or "A question in letters that I cannot draw", LINE_OF_TITLE)
    cut = [*lines[: LINES_OF_TITLE - 1], f"{lines[LINES_OF_TITLE - 1]}…"] if len(lines) > LINES_OF_TITLE else lines
    return "\n".join(cut)


@cache
def _letters() -> frozenset[int]:
    from matplotlib import font_manager, ft2font  # noqa: PLC0415

    return frozenset(ft2font.FT2Font(font_manager.findfont("DejaVu Sans")).get_charmap())
