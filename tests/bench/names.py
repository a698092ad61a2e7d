"""What the people of the crowd are called."""

ZONE = "America/Chicago"


def user_id(number: int) -> str:
    return f"U1{number:06d}"


def name(number: int) -> str:
    return f"Delegate {number}"
