"""What a listener raises when it refuses; `bot/errors.py` tells the person."""


class Refused(Exception):  # noqa: N818 (it is an answer, not a defect)
    """An expected refusal: `text` is the whole answer; `field` is the block_id of the form's field that it belongs to."""

    def __init__(self, text: str, *, field: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.field = field


class Unknown(Refused):
    """Somebody who is in no roster spoke to the bot; `user_id` and `team_id` say who, `waits` that they hear what is found."""

    def __init__(self, text: str, *, team_id: str, user_id: str, waits: bool = False) -> None:
        super().__init__(text)
        self.team_id = team_id
        self.user_id = user_id
        self.waits = waits
