"""The `cohort` command: run, sandbox, doctor, db, import, export."""

import argparse
import asyncio
import errno
import gc
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot import config, doctor, imports, run, try_out
from bot.config import Settings, WrongSettingsError
from storage import migrations


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; the exit status is 0 when all went well."""
    given = _parser().parse_args(arguments)
    gc.freeze()  # what the imports made stays; looking through it again and again held everything up for a tenth of a second
    if given.what == "sandbox":
        return _sandbox(given)
    if given.what == "doctor":
        return asyncio.run(_doctor())
    try:
        settings = config.load()
    except WrongSettingsError as error:
        print(
            "Civic Cohort cannot start yet:", *(f"  {problem}" for problem in error.problems), sep="\n", file=sys.stderr
        )
        print("`cohort doctor` looks at everything else, too.", file=sys.stderr)
        return 2
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(max(logging.WARNING, logging.root.level))
    return _with_settings(given, settings)


def _sandbox(given: argparse.Namespace) -> int:
    try:
        return asyncio.run(try_out.serve(given.host, given.port, log=given.log, bare=given.bare, people=given.roster))
    except OSError as error:
        print(f"The sandbox cannot start: {_why_not(error, given.port)}", file=sys.stderr)
        return 1


def _why_not(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = f"`make try PORT={port + 1}`, or `cohort sandbox --port {port + 1}`"
        return f"port {port} is in use, perhaps by another sandbox. Take another port: {other}."
    return f"{error.strerror or error}."


def _with_settings(given: argparse.Namespace, settings: Settings) -> int:
    try:
        migrations.upgrade(settings.database_url)
    except (SQLAlchemyError, OSError) as error:
        print(f"The database did not open ({type(error).__name__}). `cohort doctor` says what to do.", file=sys.stderr)
        return 1
    if given.what == "db" and given.action == "revision":
        migrations.revision(settings.database_url, given.message)
        return 0
    if given.what == "db":
        print("The tables are up to date.")
        return 0
    if given.what == "import":
        return _import(given, settings)
    if given.what == "export":
        return _export(given, settings)
    return asyncio.run(stay(settings))


def _import(given: argparse.Namespace, settings: Settings) -> int:
    undoes, dry_run = getattr(given, "undo", False), getattr(given, "dry_run", False)
    if undoes == bool(given.file):
        print("Give a file to import, or --undo without one. Nothing was changed.", file=sys.stderr)
        return 2
    if undoes:
        return _told(*asyncio.run(imports.undo(settings, dry_run=dry_run)))
    try:
        data = given.file.read_bytes()
    except OSError as error:
        print(f"{given.file} cannot be read: {error.strerror}. Nothing was imported.", file=sys.stderr)
        return 1
    read = imports.from_bytes(settings, given.kind, data, dry_run=dry_run, name=given.file.name)
    return _told(*asyncio.run(read))


def _told(well: bool, lines: Sequence[str]) -> int:
    print(*lines, sep="\n")
    return 0 if well else 1


def _export(given: argparse.Namespace, settings: Settings) -> int:
    """A file that is there already is replaced only when the new one is whole."""
    try:
        data, lines = asyncio.run(imports.roster_file(settings))
        part = given.file.with_name(f"{given.file.name}.part")
        part.write_bytes(data)
        part.replace(given.file)
    except (SlackApiError, aiohttp.ClientError) as error:
        why = f"Slack did not say which workspace this is ({error}). Nothing was written; `cohort doctor` says what to do."
        print(why, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{given.file} cannot be written: {error.strerror}. Nothing was exported.", file=sys.stderr)
        return 1
    print(f"{given.file}: {lines:,} {'line' if lines == 1 else 'lines'}. `cohort import roster` takes it again.")
    return 0


async def stay(settings: Settings) -> int:
    """Run until told to stop; the exit status."""
    try:
        await run.until_stopped(settings)
    except SlackApiError as error:
        why = f"Slack says {error.response['error']}"
    except aiohttp.ClientError as error:
        why = f"Slack could not be reached ({type(error).__name__})"
    except OSError as error:
        why = f"port {settings.port} is in use" if error.errno == errno.EADDRINUSE else f"{error.strerror or error}"
    else:
        return 0
    print(f"Civic Cohort cannot run: {why}. `cohort doctor` says what to do.", file=sys.stderr)
    return 1


async def _doctor() -> int:
    well = True
    async for finding in doctor.examine():
        print(finding)
        well = well and finding.ok
    return 0 if well else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cohort", description="Civic Cohort: a Slack app for peer-learning networks of city halls."
    )
    commands = parser.add_subparsers(dest="what", required=True, metavar="COMMAND")
    commands.add_parser("run", help="connect to Slack and stay (settings from .env)")
    commands.add_parser("doctor", help="look at settings, database, tokens and scopes, and say what to do")
    _add_sandbox(commands.add_parser("sandbox", help="a Slack workspace on this machine, with the bot and sample data"))
    database = commands.add_parser("db", help="the database").add_subparsers(
        dest="action", required=True, metavar="ACTION"
    )
    database.add_parser("upgrade", help="bring the tables up to date")
    database.add_parser("revision", help="for developers: write a migration from the changed tables").add_argument(
        "message"
    )
    kinds = commands.add_parser("import", help="read a file").add_subparsers(dest="kind", required=True, metavar="WHAT")
    roster = kinds.add_parser("roster", help="people and seats from a CSV file")
    roster.add_argument("file", type=Path, nargs="?")
    roster.add_argument("--dry-run", action="store_true", help="only say what would change")
    roster.add_argument(
        "--undo", action="store_true", help="take the last import of the command line back, without a file"
    )
    kinds.add_parser("practices", help="practices from a YAML file").add_argument("file", type=Path)
    written = commands.add_parser("export", help="write a file").add_subparsers(
        dest="kind", required=True, metavar="WHAT"
    )
    written.add_parser("roster", help="people and seats as a CSV file").add_argument("file", type=Path)
    return parser


def _add_sandbox(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--log", type=Path, help="write everything the bot says to this file, one JSON object a line")
    parser.add_argument("--roster", type=Path, help="people from this roster instead of the sample")
    parser.add_argument(
        "--bare", action="store_true", help="only the workspace; a bot connects from outside and runs on machine time"
    )


if __name__ == "__main__":
    sys.exit(main())
