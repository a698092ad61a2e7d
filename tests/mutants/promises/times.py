"""Local days and hours: clock changes, working days and hours, windows."""

from tests.mutants.mutant import Mutant

CALENDAR, RULES, RHYTHM = "handlers/calendar.py", "handlers/checkins/rules.py", "handlers/rhythm.py"
TESTS = ("tests/handlers/test_calendar.py",)
RULED = ("tests/handlers/checkins/test_rules.py",)

MUTANTS = [
    Mutant(
        "a skipped time is the first instant after the gap",
        CALENDAR,
        "    return _first_from(wanted, zone)\n",
        "    return moment\n",
        TESTS,
    ),
    Mutant(
        "a repeated time is its first occurrence",
        CALENDAR,
        "wanted = datetime.combine(day, at.replace(tzinfo=None, fold=0))\n    moment = wanted.replace(",
        "wanted = datetime.combine(day, at.replace(tzinfo=None, fold=0))\n    moment = wanted.replace(fold=1, ",
        TESTS,
    ),
    Mutant(
        "weekends are not worked",
        CALENDAR,
        "if day.weekday() > 4 or day in _holidays(None)",
        "if day in _holidays(None)",
        TESTS,
    ),
    Mutant("federal holidays are not worked", CALENDAR, " or day in _holidays(None) or", " or", TESTS),
    Mutant("holidays of the state are not worked", CALENDAR, " or day in _holidays(days.state or None)", "", TESTS),
    Mutant(
        "a zone that nobody knows stops nobody",
        CALENDAR,
        'return ZoneInfo("America/New_York")',
        "raise",
        TESTS,
    ),
    Mutant(
        "work ends at six",
        CALENDAR,
        "return self.quiet_until <= at < self.quiet_from",
        "return self.quiet_until <= at",
        TESTS,
    ),
    Mutant(
        "work starts at eight",
        CALENDAR,
        "return self.quiet_until <= at < self.quiet_from",
        "return at < self.quiet_from",
        TESTS,
    ),
    Mutant(
        "a working day is asked at, not the nominal one",
        RHYTHM,
        "    day = calendar.next_working_day(nominal, place.days)\n",
        "    day = nominal\n",
        RULED,
    ),
    Mutant(
        "a window ends in working hours",
        RULES,
        "if not pattern.any_hour and not calendar.in_working_hours(end, place.zone, place.days, pattern.hours):",
        "if False:",
        RULED,
    ),
    Mutant(
        "a window ends before the next turn",
        RULES,
        "return Window(due, min(end, due_at(pattern, following, place)) if following else end)",
        "return Window(due, end)",
        RULED,
    ),
    Mutant(
        "a reminder comes in working hours",
        RULES,
        "        moment = calendar.next_working_moment(moment, place.zone, place.days, pattern.hours)\n    return moment if",
        "        pass\n    return moment if",
        RULED,
    ),
    Mutant(
        "a reminder comes before the end",
        RULES,
        "return moment if pattern.reminds and moment < window.ends_at else None",
        "return moment if pattern.reminds else None",
        RULED,
    ),
    Mutant(
        "a check-in that reminds nobody reminds nobody",
        RULES,
        "return moment if pattern.reminds and moment < window.ends_at else None",
        "return moment if moment < window.ends_at else None",
        RULED,
    ),
    Mutant(
        "quiet hours within a day are quiet",
        CALENDAR,
        "return not self.quiet_from <= at < self.quiet_until",
        "return True",
        TESTS,
    ),
    Mutant(
        "a time that a clock change repeats is quiet twice",
        CALENDAR,
        "return at_local(day, at, zone), again.astimezone(UTC)",
        "return at_local(day, at, zone), at_local(day, at, zone)",
        TESTS,
    ),
    Mutant(
        "the end of a window is never a quiet hour of the check-in",
        RULES,
        "end = calendar.next_working_moment(max(morning, ten), place.zone, place.days, pattern.hours)",
        "end = ten",
        RULED,
    ),
    Mutant(
        "a prompt keeps the quiet hours of its check-in",
        RHYTHM,
        "return calendar.next_working_moment(moment, place.zone, place.days, pattern.hours)",
        "return calendar.next_working_moment(moment, place.zone, place.days)",
        RULED,
    ),
    Mutant(
        "a summary keeps the quiet hours of its check-in",
        RULES,
        "calendar.next_working_moment(closed_at, zone, hours=hours)",
        "calendar.next_working_moment(closed_at, zone)",
        RULED,
    ),
    Mutant(
        "what a long stop missed is passed over",
        RULES,
        "            passed_over.append(nominal)\n        nominal = following\n",
        "            passed_over.append(nominal)\n        nominal = following\n        break\n",
        RULED,
    ),
]
