"""What a person is told when something fails: their text comes back, harmless."""

from slack_bolt.request.async_request import AsyncBoltRequest

from bot import errors
from bot.config import Settings


def test_the_text_of_a_command_that_failed_comes_back_without_ringing_anybody() -> None:
    body = {"command": "/commit", "text": "tell <!channel> & all by Friday"}
    request = AsyncBoltRequest(body=body, mode="socket_mode")
    answer = errors.answer(request, OSError(), Settings("xoxb-"))
    assert answer.status == 200
    assert "`tell &lt;!channel&gt; &amp; all by Friday`" in answer.body
