"""What Slack says of a user is read without trusting it."""

from handlers import users


def test_slacks_user_is_read_without_trusting_it() -> None:
    payload = {"id": "U1", "team_id": "T1", "tz": "Mars/Olympus", "profile": {"email": " Ana@Memphis.GOV "}}
    user = users.read(payload)
    assert (user.email, user.time_zone, user.is_admin, user.is_bot) == ("ana@memphis.gov", None, False, False)
    assert users.read({"id": "USLACKBOT"}).is_bot
