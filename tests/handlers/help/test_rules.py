"""What a mention or a direct message is about: as values."""

from typing import Any

import pytest

from handlers.help import rules

DIRECT: dict[str, Any] = {
    "type": "message",
    "channel_type": "im",
    "user": "U1",
    "channel": "D1",
    "ts": "1.1",
    "text": "hello",
}
MENTION: dict[str, Any] = {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "2.2", "text": "<@U0BOT> hello"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "help"),
        ("hi", "help"),
        ("Good morning!", "help"),
        ("help", "help"),
        ("what can you do?", "help"),
        ("thanks a lot!", "thanks"),
        ("stop", "stop"),
        ("Please stop messaging me!", "stop"),
        ("unsubscribe", "stop"),
        ("how do we stop illegal dumping?", "question"),
        ("stop signs", "question"),
        ("ok", "thanks"),
        ("remind me to call the auditor", "commit"),
        ("I'll publish the dashboard by Friday", "commit"),
        ("I will send the survey", "commit"),
        ("/commit publish it", "commit"),
        ("when is my next check-in?", "checkin"),
        ("checkin", "checkin"),
        ("who is in my cohort?", "cohort"),
        ("my cohorts", "cohort"),
        ("who has done participatory budgeting?", "question"),
        ("how do other cities remind residents of court dates?", "question"),
        ("inclusive procurement", "question"),
        ("hello, any examples of land banks?", "question"),
        ("we have lots of data but nobody to analyze it", "question"),
        ("our police applicant pool is too small", "question"),
        ("/practices eviction", "question"),
        ("historic preservation", "question"),
        ("I am running late today", "words"),
        ("see you tomorrow", "words"),
        ("Sorry, that was meant for somebody else and not for you", "words"),
    ],
)
def test_what_a_message_is_about(text: str, kind: str) -> None:
    assert rules.about(text)[0] == kind


def test_the_greeting_and_the_word_practices_are_no_part_of_the_question() -> None:
    assert rules.about("Hi there, who has land banks?")[1] == "who has land banks?"
    assert rules.about("practices on land banks")[1] == "land banks"


def test_a_message_is_read_without_slacks_markup() -> None:
    typed = "<@U0BOT> does <#C1|finance> &amp; <https://example.org/x|this page> &lt;work&gt; <!here>?"
    assert rules.plain(typed) == "does finance & this page <work> ?"


def test_a_mention_is_answered_in_its_thread_and_a_direct_message_where_it_stands() -> None:
    places = [
        (DIRECT, None),
        (DIRECT | {"thread_ts": "0.5"}, "0.5"),
        (MENTION, "2.2"),
        (MENTION | {"thread_ts": "0.7"}, "0.7"),
    ]
    for event, thread in places:
        heard = rules.heard(event)
        assert heard is not None
        assert heard.thread_ts == thread


@pytest.mark.parametrize(
    "event",
    [
        DIRECT | {"bot_id": "B1"},
        DIRECT | {"subtype": "message_changed"},
        DIRECT | {"subtype": "message_deleted"},
        DIRECT | {"user": None},
        DIRECT | {"channel_type": "channel"},
        MENTION | {"bot_id": "B1"},
    ],
)
def test_bots_edits_and_other_peoples_talk_are_not_heard(event: dict[str, Any]) -> None:
    assert rules.heard(event) is None
