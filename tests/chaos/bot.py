"""A nursery of bots: `python -m tests.chaos.bot` imports all once, then forks a fresh process for each bot it is asked for.

A line of JSON in asks for one: its settings, where it logs, and when it is to strike itself. A line out says who started, stopped or ended.
"""

import asyncio
import io
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from typing import Any

from bot import config, run
from tests.chaos import strikes
from tests.chaos.strikes import Strike


def main() -> None:
    """Serve until the input ends; then kill whoever still runs."""
    bots: set[int] = set()
    waker, woken = socket.socketpair()
    waker.setblocking(False)
    signal.set_wakeup_fd(waker.fileno())
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    wishes = io.FileIO(0)  # unbuffered: what waits in a buffer would wake nobody
    asked = selectors.DefaultSelector()
    asked.register(woken, selectors.EVENT_READ)
    asked.register(wishes, selectors.EVENT_READ)
    while True:
        for key, _ in asked.select():
            if key.fileobj is woken:
                woken.recv(4096)
                _tell_changes(bots)
            elif line := wishes.readline():
                _begin(json.loads(line), bots)
            else:
                for bot in bots:
                    os.kill(bot, signal.SIGKILL)
                return


def _begin(wanted: dict[str, Any], bots: set[int]) -> None:
    bot = os.fork()
    if bot:
        bots.add(bot)
        _say(number=wanted["number"], pid=bot, what="started")
        return
    status = 1
    try:
        _become_a_bot(wanted)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _become_a_bot(wanted: dict[str, Any]) -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.closerange(3, min(log, nothing))
    for number, file in ((0, nothing), (1, log), (2, log)):
        os.dup2(file, number)
    if wanted["strike"]:
        strikes.install(Strike(**wanted["strike"]))
    asyncio.run(run.until_stopped(config.load(None, wanted["settings"])))


def _tell_changes(bots: set[int]) -> None:
    while bots:
        bot, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
        if not bot:
            return
        stopped = os.WIFSTOPPED(status)
        if not stopped:
            bots.discard(bot)
        _say(
            pid=bot,
            what="stopped" if stopped else "ended",
            signal=-os.waitstatus_to_exitcode(status) if not stopped else 0,
        )


def _say(**what: object) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
