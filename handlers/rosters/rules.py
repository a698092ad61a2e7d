"""Pure decisions about roster files: which files are no CSV by their name or size, and when to try again."""

from datetime import datetime, timedelta

from handlers.types import Json

MOST_BYTES = 10 * 1024 * 1024
TELL_EVERY = timedelta(seconds=3)
WAITS = (5, 30, 120, 600)
KINDS = {
    "xlsx": "an Excel workbook",
    "xls": "an Excel workbook",
    "xlsm": "an Excel workbook",
    "numbers": "a Numbers document",
    "ods": "an OpenDocument spreadsheet",
    "gsheet": "a Google sheet",
    "pdf": "a PDF document",
    "docx": "a Word document",
    "doc": "a Word document",
    "zip": "a zipped file",
}


def problem_with_file(file: Json) -> str | None:
    """Why a file cannot be a roster, by what Slack says of it; None when it may be one."""
    kind = str(file.get("name") or "").rpartition(".")[2].lower()
    if kind in KINDS:
        return (
            f"This is {KINDS[kind]}, and I read CSV. Open it in your spreadsheet, "
            "save it as CSV (in Excel: File, Save As, CSV UTF-8), and choose that file."
        )
    size = file.get("size")
    if size == 0:
        return "This file is empty. Choose the one with the people in it."
    return too_large() if size and size > MOST_BYTES else None


def too_large() -> str:
    return "This file is larger than 10 MB, and a roster of 20,000 lines is not. Choose the CSV file with the people alone."


def wait(tries: int) -> timedelta | None:
    """How long to wait after so many tries that failed, counted from 1; None: give up."""
    return timedelta(seconds=WAITS[tries - 1]) if tries <= len(WAITS) else None


def tells(told_at: datetime | None, now: datetime) -> bool:
    """Whether it is time to say again how far it is."""
    return told_at is None or now - told_at >= TELL_EVERY
