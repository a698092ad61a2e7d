"""Reads a day in plain American English, as it is meant on a given day. Pure.

Weeks run from Monday to Sunday. How the words are read, with Monday, November 23, 2026 as today:

- `Friday` is the first Friday after today, November 27 (said on a Friday: in seven days); `this Friday` may be today;
- `next Friday` and `Friday next week` are the Friday of next week, December 4;
- `end of the week` and `this week` are this week's Friday (on a weekend: the coming one), `next week` is next week's Friday;
- `end of the month`, `of the quarter`, `of the year` are the last day; `next month` is the last day of the next one;
- a day without a year is the next one that comes; with a weekday before it, the one of this and the next year on which
  both agree;
- `12/5` is December 5, and `the 15th` the next fifteenth.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
LONGEST = 80
MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
COUNTS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
SHORT = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
FRIDAY = 4
NEXT_LEAP_DAY = 9

WEEKDAY = rf"(?P<weekday>{'|'.join(f'{name}|{name[:3]}' for name in WEEKDAYS)}|{'|'.join(SHORT)})"
MONTH = rf"(?P<month>{'|'.join(f'{name}|{name[:3]}' for name in MONTHS)}|sept)"
DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
YEAR = r"(?P<year>[0-9]{4})"
COUNT = rf"(?P<count>[0-9]{{1,4}}|an?|{'|'.join(COUNTS)})"
UNIT = r"(?P<unit>day|week|fortnight|month|year)s?"
SPAN = r"(?P<span>week|month|quarter|year)"

Reader = Callable[[dict[str, str], date], date | None]


def read(text: str, today: date) -> date | None:
    """The day that the whole text names, between EARLIEST and LATEST; None when it names none, or contradicts itself.

    A day in the past is given back as it was said: whether it makes sense is not for the reader to decide.
    """
    words = _plain(text)
    if not words or len(words) > LONGEST:
        return None
    for pattern, reader in READERS:
        match = re.fullmatch(pattern, words)
        if match:
            try:
                day = reader(match.groupdict(), today)
            except (ValueError, OverflowError):
                return None
            return day if day and EARLIEST <= day <= LATEST else None
    return None


def _plain(text: str) -> str:
    """Lower case, single spaces, without punctuation or the small words around a date."""
    words = re.sub(r"[,;:!?.*_~“”\"'’()]+", " ", text.lower())
    words = re.sub(r"\s+", " ", words).strip()
    words = re.sub(r"^(?:(?:by|on|before|until|till|no later than|not later than|latest) )+", "", words)
    words = re.sub(r"^(?:eod|cob|(?:the )?(?:end of day|close of business)) (?:on )?(?=.)", "", words)
    words = re.sub(r" (?:eod|cob|end of day|close of business|at the latest|latest)$", "", words)
    # "By the sun" is not Sunday: the article goes only where a date has one.
    return re.sub(r"\b(?:of |the (?=end|day|close|week|month|quarter|year|[0-9]))", "", words).strip()


def _today(_found: dict[str, str], today: date) -> date:
    return today


def _tomorrow(_found: dict[str, str], today: date) -> date:
    return today + timedelta(days=1)


def _yesterday(_found: dict[str, str], today: date) -> date:
    return today - timedelta(days=1)


def _after_tomorrow(_found: dict[str, str], today: date) -> date:
    return today + timedelta(days=2)


def _weekday(found: dict[str, str], today: date) -> date:
    ahead = (_weekday_number(found["weekday"]) - today.weekday()) % 7
    return today + timedelta(days=ahead if found.get("this") else ahead or 7)


def _weekday_next_week(found: dict[str, str], today: date) -> date:
    return _monday(today) + timedelta(days=7 + _weekday_number(found["weekday"]))


def _ahead(found: dict[str, str], today: date) -> date:
    count, unit = _count(found["count"]), found["unit"]
    if unit in ("month", "year"):
        return _months_later(today, count * (12 if unit == "year" else 1))
    return today + timedelta(days=count * {"day": 1, "week": 7, "fortnight": 14}[unit])


def _end(found: dict[str, str], today: date) -> date:
    """The last working day of a week, the last day of a month, quarter or year: of this one or the next."""
    later = 1 if found.get("next") else 0
    span = found["span"]
    if span == "week":
        weeks = later or (1 if today.weekday() > FRIDAY else 0)
        return _monday(today) + timedelta(days=FRIDAY + 7 * weeks)
    if span == "month":
        return _last_of_month(_months_later(today.replace(day=1), later))
    if span == "quarter":
        return _last_of_month(_months_later(today.replace(day=1), 2 - (today.month - 1) % 3 + 3 * later))
    return date(today.year + later, 12, 31)


def _short_end(found: dict[str, str], today: date) -> date:
    return _end({"span": {"w": "week", "m": "month", "q": "quarter", "y": "year"}[found["letter"]]}, today)


def _end_of_named_month(found: dict[str, str], today: date) -> date:
    month = _month_number(found["month"])
    if found.get("year"):
        return _last_of_month(date(int(found["year"]), month, 1))
    return _last_of_month(date(today.year + (1 if month < today.month else 0), month, 1))


def _named_day(found: dict[str, str], today: date) -> date | None:
    month = int(found["number"]) if found.get("number") else _month_number(found["month"])
    return _day(today, month, int(found["day"]), found.get("year"), found.get("weekday"))


def _day_of_month(found: dict[str, str], today: date) -> date | None:
    day = int(found["day"])
    months = (_months_later(today.replace(day=1), later) for later in range(3))
    days = (month.replace(day=day) for month in months if day <= monthrange(month.year, month.month)[1])
    return next((one for one in days if one >= today), None)


READERS: tuple[tuple[str, Reader], ...] = (
    (r"today|tonight|eod|cob|end day|close business", _today),
    (r"tomorrow|tmrw", _tomorrow),
    (r"yesterday", _yesterday),
    (r"day after tomorrow", _after_tomorrow),
    (rf"(?:(?P<this>this) |(?:this )?coming )?{WEEKDAY}", _weekday),
    (rf"next {WEEKDAY}|{WEEKDAY.replace('weekday', 'later')} next week|next week {WEEKDAY.replace('weekday', 'last')}",
     lambda found, today: _weekday_next_week({"weekday": found["weekday"] or found["later"] or found["last"]}, today)),
    (rf"(?:in|within) {COUNT} {UNIT}(?: time| from (?:now|today))?", _ahead),
    (rf"{COUNT} {UNIT} from (?:now|today)", _ahead),
    (rf"(?:end (?:this |(?P<next>next ))?|this ){SPAN}", _end),
    (rf"(?P<next>next ){SPAN}", _end),
    (rf"{SPAN} end", _end),
    (r"eo(?P<letter>[wmqy])", _short_end),
    (rf"end {MONTH}(?: {YEAR})?", _end_of_named_month),
    (rf"(?:{WEEKDAY} )?{MONTH} {DAY}(?: {YEAR})?", _named_day),
    (rf"(?:{WEEKDAY} )?{DAY} {MONTH}(?: {YEAR})?", _named_day),
    (r"(?P<number>[0-9]{1,2})/(?P<day>[0-9]{1,2})(?:/(?P<year>[0-9]{4}|[0-9]{2}))?", _named_day),
    (r"(?P<number>[0-9]{1,2})-(?P<day>[0-9]{1,2})-(?P<year>[0-9]{4})", _named_day),
    (rf"{YEAR}[-/](?P<number>[0-9]{{1,2}})[-/](?P<day>[0-9]{{1,2}})", _named_day),
    (r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)", _day_of_month),
)  # fmt: skip


def _day(today: date, month: int, day: int, year: str | None, weekday: str | None) -> date | None:
    """The day in the year that was said, or in the next year that has it (and the weekday, when one was said)."""
    if year:
        days = [date(int(year) + (2000 if len(year) == 2 else 0), month, day)]
    else:
        years = [today.year + later for later in range(NEXT_LEAP_DAY)]
        days = [date(one, month, day) for one in years if month != 2 or day <= monthrange(one, 2)[1]]
        ahead = [one for one in days if one >= today]
        days = ahead[:1] if weekday is None else days[:2]
    return next((one for one in days if weekday is None or one.weekday() == _weekday_number(weekday)), None)


def _count(word: str) -> int:
    if word.isdigit():
        return int(word)
    return 1 if word in ("a", "an") else COUNTS.index(word)


def _weekday_number(word: str) -> int:
    return SHORT[word] if word in SHORT else [name[:3] for name in WEEKDAYS].index(word[:3])


def _month_number(word: str) -> int:
    return [name[:3] for name in MONTHS].index(word[:3]) + 1


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _months_later(day: date, months: int) -> date:
    """The same day that many months later, or the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
