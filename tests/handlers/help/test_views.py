"""What the bot says back of what was said to it."""

from bot.config import Settings
from handlers.help import views


def test_what_was_said_comes_back_as_plain_text() -> None:
    said = str(views.unclear("is a <b> & c", Settings("xoxb-")))
    assert "is a &lt;b&gt; &amp; c" in said
    assert "<b>" not in said
