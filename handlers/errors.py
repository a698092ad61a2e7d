"""What a listener raises when it refuses; `bot/errors.py` tells the person."""

NOT_INSTALLED = (
    "Civic Cohort is not installed in your workspace, so I cannot do that, and nothing was saved. "
    "Somebody who may install apps there can install it; the people who run your program know how."
)


class Refused(Exception):  # noqa: N818 (it is an answer, not a defect)
    """An expected refusal: `text` is the whole answer; `field` is the block_id of the form's field that it belongs to."""

    def __init__(self, text: str, *, field: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.field = field


class NotInstalled(Refused):
    """The app is not in a workspace, or not any more: nothing can be sent or asked there."""

    def __init__(self, team_id: str) -> None:
        super().__init__(NOT_INSTALLED)
        self.team_id = team_id


class Unknown(Refused):
    """Somebody who is in no roster spoke to the bot; `user_id` and `team_id` say who, `waits` that they hear what is found."""

    def __init__(self, text: str, *, team_id: str, user_id: str, waits: bool = False) -> None:
        super().__init__(text)
        self.team_id = team_id
        self.user_id = user_id
        self.waits = waits
