"""What somebody reads in the browser after they installed the app, or did not: what happened, and what to do now. Pure."""

from html import escape

STYLE = (
    "body{font:17px/1.5 system-ui,sans-serif;color:#1d1c1d;background:#f4f5f7;margin:0}"
    "main{max-width:34rem;margin:12vh auto 2rem;box-sizing:border-box;width:calc(100% - 2rem);"
    "padding:2.2rem 2.6rem;background:#fff;border-radius:12px;box-shadow:0 1px 6px #0002}"
    "h1{text-wrap:balance;font-size:1.45rem;line-height:1.3;margin:0 0 1rem}p{margin:0 0 1rem}"
    "a.go{display:inline-block;padding:.6rem 1.1rem;border-radius:8px;background:#1f3a5f;color:#fff;text-decoration:none;font-weight:600}"
    "code{background:#eef0f3;padding:.1em .35em;border-radius:4px}"
)
AGAIN = "Start again"
# By Bolt's reason: the heading, and what it means.
FAILURES = {
    "access_denied": (
        "Nothing was installed",
        "You pressed Cancel, so nothing has changed in your workspace. Whenever you like, start again.",
    ),
    "invalid_state": (
        "This link is used up",
        "It was used already, or is older than ten minutes. If you have just read that Civic Cohort is installed, all is well and you"
        " can close this page. Otherwise start again; nothing was installed by this visit.",
    ),
    "invalid_browser": (
        "Nothing was installed",
        "This page must be opened in the browser in which you began, and that browser must accept its cookie. Please start again here.",
    ),
    "missing_code": (
        "Nothing was installed",
        "Slack did not send along what is needed. Please start again.",
    ),
    "invalid_code": (
        "Nothing was installed",
        "Slack did not accept the permission: it may be older than ten minutes, or was used already. Please start again. If that does"
        " not help, whoever runs Civic Cohort can type `cohort doctor`.",
    ),
    "organization": (
        "Please install it into one workspace",
        "Civic Cohort was installed for a whole organization, and that is not how it works: each workspace has people and a program of"
        " its own. Please remove it from the organization, start again, and choose one workspace; then the next one.",
    ),
    "storage_error": (
        "Nothing was installed yet",
        "Slack allowed it, but it could not be written down: the database did not answer. Please start again in a minute.",
    ),
    "unreachable": (
        "Nothing was installed",
        "Slack did not answer. Please start again in a minute.",
    ),
}
UNKNOWN = ("Nothing was installed", "Something went wrong, and nothing was changed. Please start again.")


def installed(team: str, command: str, slack: str) -> str:
    """`slack` is where the workspace can be opened."""
    return _page(
        f"Civic Cohort is installed in {team}",
        [
            "You can close this page and go back to Slack.",
            f"There, type `{command}`. The first workspace administrator who does becomes the facilitator, and brings the people in.",
            f"To remove it later, use the app's page in Slack. From then on it writes to nobody in {team}.",
        ],
        ("Go to Slack", slack),
    )


def failed(reason: str, install: str, reference: str = "") -> str:
    """`reason` is Bolt's word for it, `install` where to start again."""
    heading, text = FAILURES.get(reason, UNKNOWN)
    return _page(heading, [text, f"Reference {reference}." if reference else ""], (AGAIN, install))


def _page(heading: str, paragraphs: list[str], go: tuple[str, str]) -> str:
    label, address = go
    text = "".join(f"<p>{_marked(one)}</p>" for one in paragraphs if one)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(heading)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main><h1>{escape(heading)}</h1>{text}"
        f'<p><a class="go" href="{escape(address)}">{escape(label)}</a></p></main></body></html>'
    )


def _marked(text: str) -> str:
    """What stands between backticks is to be typed."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if odd % 2 else part for odd, part in enumerate(parts))
