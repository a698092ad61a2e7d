"""A roster file as a form and as the one message that follows it from "one moment" to "undone". Pure."""

from collections.abc import Callable, Sequence

from handlers import blocks
from handlers.buttons import button, sure
from handlers.types import Json
from storage import roster_imports
from storage.models import RosterImport

FORM, FILE = "cohort_import_form", "file"
CONFIRM, NOT_NOW, AGAIN = "cohort_import_confirm", "cohort_import_not_now", "cohort_import_again"
MORE, WHOLE, UNDO, CHOOSE = (f"cohort_import_{what}" for what in ("more", "whole", "undo", "choose"))
FIRST, FIRST_WRONG, STEP, SECTIONS = 5, 10, 25, 40
DIGEST = 12
UNDO_SAYS = (
    "All that it added is taken away again, and what it changed or ended is put back as it was.",
    "If any of it was changed or used since, nothing is undone, and I tell you what.",
)


def form(form_key: str) -> Json:
    """Asks for one file. What is no CSV is refused in words of ours, so every kind can be chosen."""
    element = {"type": "file_input", "action_id": FILE, "max_files": 1}
    hint = "At most 10 MB. From a spreadsheet: File, Save As, CSV. Only you see what it would do; nothing is changed before you say so."
    start = blocks.section(
        "One line for each place that a person has. First I show you what the file would add, change and end; then you decide."
    )
    columns = blocks.context(
        "Columns: network, cohort, city, state, name, email, slack_id, role, title, expertise, time_zone, from, until. "
        "Whoever is not in the file stays."
    )
    body = [start, blocks.field(FILE, "Roster as a CSV file", element, hint=hint), columns]
    return blocks.modal(FORM, "Import a roster", body, submit="Show what it does", private_metadata=form_key)


def read_form(view: Json) -> tuple[str, Json | None]:
    """(key of the form, Slack's file object)."""
    files = view["state"]["values"][FILE][FILE].get("files") or []
    return view["private_metadata"], files[0] if files else None


def read_value(value: str) -> tuple[int, str]:
    """(import, what else the button says)."""
    number, _, rest = value.partition(":")
    return int(number), rest


def of(one: RosterImport, *, note: str = "", shown: int = FIRST) -> Json:
    """The message about an import as it stands; `note` is what happened just now, `shown` how much of each list is wanted."""
    if one.state == roster_imports.SHOWN:
        return _dry_run(one, note, shown)
    return _PLAIN[one.state](one, note)


def whole(one: RosterImport) -> tuple[str, str]:
    """(name, content) of a text file with everything that the dry run says."""
    lines = [f"{one.file_name}: {_lines_read(one)}.", ""]
    lines += one.shown.get("wrong", [])
    for chapter in one.shown.get("chapters", []):
        lines += [f"{chapter['title']}: {chapter['counts']}.", *(f"  {detail}" for detail in chapter["details"]), ""]
    return f"{one.file_name.rpartition('.')[0] or one.file_name}-what-it-does.txt", "\n".join(lines) + "\n"


def whole_text(one: RosterImport) -> str:
    what = "Every wrong line" if one.shown.get("wrong") else "Everything that would change"
    return f"{what} of *{_name(one)}*, as a file."


def in_slack(people: int, found: int, *, over: bool) -> str:
    """How far the search for new people is."""
    if not over:
        return f"I am looking for {_people(people)} in Slack: {found:,} found so far."
    if found == people:
        return "The new person is in Slack." if people == 1 else f"All {people:,} new people are in Slack."
    there = f"{found:,} {'is' if found == 1 else 'are'} there" if found else "nobody is there yet"
    return f"Looked for {_people(people)} in Slack: {there}. Whoever is not is recognized when they join."


def looks_on() -> str:
    return "Slack did not let me look for the new people; I try again with the others who are not in Slack yet."


def not_undone(reasons: Sequence[str]) -> str:
    """Why an import was not undone, and what to do instead."""
    told = "; ".join(blocks.escaped(blocks.cut(one, 200)) for one in reasons[:FIRST])
    more = f"; and {len(reasons) - FIRST:,} more" if len(reasons) > FIRST else ""
    return (
        f"I could not undo it, and nothing was undone: {told}{more}. Put those back first, or import a corrected file."
    )


def slack_is_silent(one: RosterImport) -> str:
    return f"Slack does not give me an answer about *{_name(one)}* just now. Nothing is lost: I try again in a few seconds."


def slack_refused(error: str) -> str:
    """After the last try."""
    return (
        f"Slack did not give it to me ({error}). Please choose it again in a while; "
        "if that does not help, `cohort doctor` on the computer that runs me says what to do."
    )


def _dry_run(one: RosterImport, note: str, shown: int) -> Json:
    chapters = one.shown["chapters"]
    counts = " ".join(f"{chapter['title']}: {chapter['counts']}." for chapter in chapters)
    first = f"*{_name(one)}*: {_lines_read(one)}. *Nothing is imported yet.*"
    body = [blocks.section(f"{note} {first}".strip())]
    for chapter in chapters:
        body += _sections(f"*{chapter['title']}*: {chapter['counts']}", chapter["details"], shown)
    longest = max(len(chapter["details"]) for chapter in chapters)
    number = f"{one.id}:{one.digest[:DIGEST]}"
    offered = [
        button(f"Import {_these_lines(one)}", CONFIRM, number, style="primary"),
        button("Not now", NOT_NOW, number),
    ]
    if longest > shown and shown < SECTIONS * FIRST:
        offered.append(button("Show more", MORE, f"{one.id}:{shown + STEP}"))
    if longest > FIRST:
        offered.append(button("Send all of it as a file", WHOLE, str(one.id)))
    text = f"{note} {_name(one)}: {_lines_read(one)}. {counts} Nothing is imported yet; choose Import or Not now."
    return blocks.message(text.strip(), [*body, blocks.actions(*offered)])


def _sections(title: str, details: Sequence[str], shown: int) -> list[Json]:
    """A list in as few blocks as it fits in; the rest is counted."""
    packed, lines = [], [title]
    for detail in details[:shown]:
        line = f"• {blocks.escaped(blocks.cut(detail, 300))}"
        if len("\n".join([*lines, line])) > blocks.SECTION_LIMIT - 100:
            packed.append(blocks.section("\n".join(lines)))
            lines = []
        lines.append(line)
    if len(details) > shown:
        lines.append(f"and {len(details) - shown:,} more")
    return [*packed, blocks.section("\n".join(lines))]


def _moment(one: RosterImport, note: str) -> Json:
    return blocks.message(note or f"I am reading *{_name(one)}*. One moment.")


def _importing(one: RosterImport, note: str) -> Json:
    return blocks.message(note or f"I am importing {_these_lines(one)} of *{_name(one)}*. One moment.")


def _undoing(one: RosterImport, _note: str) -> Json:
    return blocks.message(f"I am taking back the import of *{_name(one)}*. One moment.")


def _put_off(one: RosterImport, _note: str) -> Json:
    text = f"*{_name(one)}* was not imported, and nothing was changed."
    return _with_buttons(text, button("Show it again", AGAIN, str(one.id)))


def _same(one: RosterImport, _note: str) -> Json:
    text = f"*{_name(one)}*: {_lines_read(one)}. Everything is as the file says: nothing changes."
    return _with_buttons(text, button("Choose another file", CHOOSE))


def _wrong(one: RosterImport, note: str) -> Json:
    wrong = one.shown["wrong"]
    count = "one line is" if len(wrong) == 1 else f"{len(wrong):,} lines are"
    start = f"{note} *{_name(one)}*: {count} wrong, and nothing was imported.".strip()
    body = [blocks.section(start), *_sections("*Which, and why*", wrong, FIRST_WRONG)]
    offered = [button("Choose the corrected file", CHOOSE, style="primary")]
    if len(wrong) > FIRST_WRONG:
        offered.append(button("Send all of them as a file", WHOLE, str(one.id)))
    first = blocks.escaped(blocks.cut("; ".join(wrong[:3]), 500))
    return blocks.message(
        f"{start.replace('*', '')} {first}. Correct them and choose the file again.", [*body, blocks.actions(*offered)]
    )


def _unreadable(one: RosterImport, note: str) -> Json:
    text = f"I could not read *{_name(one)}*, and nothing was changed. {note}".strip()
    return _with_buttons(text, button("Choose a file", CHOOSE, style="primary"))


def _looking(one: RosterImport, note: str) -> Json:
    return _applied(one, note or "I am looking for the new people in Slack.")


def _applied(one: RosterImport, note: str) -> Json:
    counts = " ".join(f"{chapter['title']}: {chapter['counts']}." for chapter in one.shown["chapters"])
    text = f"*{_name(one)}* is imported. {counts}\n{note}".strip()
    question = sure("Undo this import?", " ".join(UNDO_SAYS), "Undo it")
    return _with_buttons(text, button("Undo this import", UNDO, str(one.id), confirm=question))


def _undone(one: RosterImport, _note: str) -> Json:
    text = f"The import of *{_name(one)}* is undone: the roster is as it was before."
    return _with_buttons(text, button("Choose another file", CHOOSE))


def _with_buttons(text: str, *offered: Json) -> Json:
    plain = text.replace("*", "").replace("\n", " ")
    return blocks.message(plain, [blocks.section(text), blocks.actions(*offered)])


def _name(one: RosterImport) -> str:
    return blocks.escaped(blocks.cut(one.file_name, 80)).replace("*", "")


def _people(count: int) -> str:
    return "one person" if count == 1 else f"{count:,} people"


def _lines_read(one: RosterImport) -> str:
    read = one.shown.get("read", 0)
    return "one line read" if read == 1 else f"{read:,} lines read"


def _these_lines(one: RosterImport) -> str:
    read = one.shown.get("read", 0)
    return "this line" if read == 1 else f"these {read:,} lines"


_PLAIN: dict[str, Callable[[RosterImport, str], Json]] = {
    roster_imports.READING: _moment,
    roster_imports.PUT_OFF: _put_off,
    roster_imports.WRONG: _wrong,
    roster_imports.UNREADABLE: _unreadable,
    roster_imports.SAME: _same,
    roster_imports.CONFIRMED: _importing,
    roster_imports.LOOKING: _looking,
    roster_imports.APPLIED: _applied,
    roster_imports.UNDOING: _undoing,
    roster_imports.UNDONE: _undone,
}
