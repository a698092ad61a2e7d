"""Who sits where: people are put on seats, leave them and hand them over, and what follows when they come and go."""

from slack_bolt.async_app import AsyncApp

from handlers import choosing, words
from handlers.seats import brief_views, briefing, carrying, forms, leaving, opening, placing, views
from handlers.types import Job, Settings

JOBS: list[Job] = [*carrying.JOBS, *leaving.JOBS]


def register(app: AsyncApp, settings: Settings) -> None:
    """Its words of the command, the forms that they open, and the buttons of what was done."""
    app.command(settings.command_cohort, matchers=[words.first(*opening.WORDS)])(opening.asked)
    for word in opening.WORDS:
        app.action(f"cohort_{word}")(opening.pressed)
        app.view(choosing.pick(word))(opening.picked)
    app.view(forms.ADD)(placing.add)
    app.view(forms.REMOVE)(placing.remove)
    app.view(forms.GOING)(placing.remove_now)
    app.view(forms.HANDOVER)(placing.handover)
    app.view(forms.TAKING)(placing.take)
    app.action(views.UNDO)(placing.undo)
    app.action(views.COMMITMENTS)(briefing.show_commitments)
    app.action(brief_views.ANSWERS)(briefing.show_answers)
    app.action(brief_views.WHEN)(briefing.show_when)
