"""Between the bytes of a file and its cells: what is no CSV, how spreadsheets save text, and cells that a program would run. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

Records = Iterator[tuple[int, list[str]]]

OTHER_KINDS = (
    (b"PK\x03\x04", "a workbook (or another zipped file)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a text document"),
    (b"<", "a page or an XML document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a zipped file"),
)
SAVE_AS_CSV = "open it in your spreadsheet, save it as CSV (in Excel: File, Save As, CSV UTF-8), and take that file"
DELIMITERS = ",;\t"
LONGEST_LINE, MOST_LINES = 50_000, 100_000
RUNS = re.compile(r"'*[=+\-@＝＋－＠]")  # spreadsheets take the wide ones, too
MARKED = re.compile(r"'+[=+\-@＝＋－＠]")


def other_kind(data: bytes) -> str | None:
    """What the file is when it is surely no CSV, in words that follow "this is"."""
    start = data[:1024].lstrip()
    return next((words for sign, words in OTHER_KINDS if start.startswith(sign)), None)


def decoded(data: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16, or Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    pairs = data[:200]
    for encoding, zeros in (("utf-16-le", pairs[1::2]), ("utf-16-be", pairs[0::2])):
        if len(zeros) > 4 and zeros.count(0) > 0.8 * len(zeros):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:  # what Excel on Windows calls CSV
        return data.decode("cp1252", errors="replace")


def records(text: str) -> Records:
    """Each filled line with the number of the line on which it starts (a quoted cell may go over several).

    Raises csv.Error where the text cannot be split into cells.
    """
    text = text.removeprefix("\ufeff")
    named = re.match(r'"?sep=([,;\t])"?\r?\n', text)  # how Excel is told what separates the cells
    header = re.match(r"[^\r\n]*", text.lstrip("\r\n")[:100_000])
    first = header[0] if header else ""
    delimiter = named[1] if named else max(DELIMITERS, key=first.count)
    reader = csv.reader(_lines(text.replace("\0", "")), delimiter=delimiter)
    start = 1
    for cells in reader:
        trimmed = [_unmarked(" ".join(cell.split())) for cell in cells]
        if any(trimmed) and not (named and start == 1):
            yield start, trimmed
        start = reader.line_num + 1


def written(rows: Iterable[Sequence[str]]) -> str:
    """CSV text of these cells, which `records` reads back unchanged; a spreadsheet runs none of them."""
    target = io.StringIO(newline="")
    csv.writer(target).writerows([_marked(cell) for cell in cells] for cells in rows)
    return target.getvalue()


def _lines(text: str) -> Iterator[str]:
    """No roster has such lines, and splitting them takes all the memory there is."""
    for number, line in enumerate(io.StringIO(text, newline="")):
        if len(line) > LONGEST_LINE:
            raise csv.Error(f"a line has more than {LONGEST_LINE:,} characters")
        if number > MOST_LINES:
            raise csv.Error(f"there are more than {MOST_LINES:,} lines")
        yield line


def _marked(cell: str) -> str:
    """A spreadsheet takes what begins so for a formula; after an apostrophe it is text."""
    return f"'{cell}" if RUNS.match(cell) else cell


def _unmarked(cell: str) -> str:
    return cell[1:] if MARKED.match(cell) else cell
