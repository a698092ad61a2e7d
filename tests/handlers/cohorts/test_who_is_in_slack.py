"""Finding members in Slack: after an import, when somebody joins or changes, and when a stranger speaks."""

from sqlalchemy import delete, select

from bot.sandbox.person import Actor
from storage import members, roster
from storage.models import Facilitator, Member
from tests.whole import Slack, program_of

HEADER = "network,cohort,city,state,name,email,slack_id,role,title,expertise,time_zone,from,until\n"
BO = "City Accelerator,Inclusive procurement,Austin,TX,Bo Li,Bo@Austin.gov,,lead,,,America/Chicago,,\n"


async def take(slack: Slack, *lines: str) -> None:
    program_id = await program_of(slack.sessions)
    report = await roster.import_roster(
        slack.sessions, program_id, HEADER + "".join(lines), dry_run=False, at=slack.clock.now()
    )
    assert report.ok, report.lines
    await slack.settle()


def newcomer(slack: Slack, name: str = "Bo Li", email: str = "bo@austin.gov", **facts: bool) -> Actor:
    person = slack.workspace.add_person(name, email=email, tz="America/Denver", **facts)
    return slack.sandbox.person(person.id)


def calls(slack: Slack, method: str) -> int:
    return sum(call["method"] == method for call in slack.sandbox.calls)


async def test_after_an_import_people_are_found_and_looked_up_only_once(slack: Slack) -> None:
    bo = newcomer(slack)
    await slack.settle()
    await take(slack, BO, BO.replace("Bo", "No").replace("bo@", "no@"))
    answer = await bo.types("/cohort")
    assert answer["text"].startswith("You lead Austin, TX in Inclusive procurement.")
    assert (await slack.member(bo.id)).slack_time_zone == "America/Denver"
    looked_up = calls(slack, "users.lookupByEmail")
    assert looked_up == 2
    await slack.settle()
    assert calls(slack, "users.lookupByEmail") == looked_up


async def test_many_people_are_found_in_one_pass_over_all_users(slack: Slack) -> None:
    names = [f"Person{n}" for n in range(30)]
    for name in names:
        newcomer(slack, name, f"{name.lower()}@austin.gov")
    await slack.settle()  # Slack tells of each who joins; nobody is on the roster yet
    lines = [BO.replace("Bo Li", name).replace("Bo@", f"{name}@").replace("lead", "delegate") for name in names]
    await take(slack, *lines)
    assert calls(slack, "users.list") == 1
    assert calls(slack, "users.lookupByEmail") == 0
    answer = await slack.person("Person7").types("/cohort")
    assert answer["text"].startswith("You are a delegate of Austin, TX in Inclusive procurement.")


async def test_somebody_who_joins_slack_later_is_known_at_once(slack: Slack) -> None:
    await take(slack, BO)
    bo = newcomer(slack)
    await slack.settle()
    assert (await slack.member(bo.id)).name == "Bo Li"


async def test_who_leaves_slack_is_known_no_longer_and_a_new_time_zone_is_taken(slack: Slack) -> None:
    rosa = slack.person("Rosa")
    slack.workspace.change_person(rosa.id, tz="Pacific/Honolulu")
    await slack.settle()
    assert (await slack.member("Rosa")).slack_time_zone == "Pacific/Honolulu"
    slack.workspace.change_person(rosa.id, deleted=True)
    await slack.settle()
    async with slack.sessions() as session:
        assert await members.by_identity(session, slack.workspace.team_id, rosa.id) is None
    assert "Rosa" not in str(await slack.person("Ana").types("/cohort", "show"))


async def test_a_stranger_whom_the_roster_knows_is_found_on_first_use(slack: Slack) -> None:
    bo = newcomer(slack, email="")
    await slack.settle()
    await take(slack, BO)
    slack.workspace.people[bo.id].email = "bo@austin.gov"  # no event tells of it
    await bo.types("/cohort")
    assert bo.messages[0]["text"] == "One moment, please: I do not know you yet, so I am looking you up in Slack."
    assert bo.messages[-1]["text"].startswith(
        "I found you in the roster, Bo Li. You lead Austin, TX in Inclusive procurement."
    )


async def test_a_stranger_who_types_another_command_is_told_whom_to_ask_then_looked_up(slack: Slack) -> None:
    bo = newcomer(slack, email="")
    await slack.settle()
    await take(slack, BO)
    slack.workspace.people[bo.id].email = "bo@austin.gov"
    await bo.types("/commit", "mine")
    assert bo.messages[0]["text"].startswith("I do not know you yet: you are not on a seat of any cohort here.")
    assert bo.messages[-1]["text"].startswith("I found you in the roster, Bo Li.")
    await bo.types("/commit", "mine")
    assert bo.messages[-1]["text"].startswith("You have no open commitments")


async def test_a_stranger_who_wrote_or_looked_at_home_is_greeted_when_found(slack: Slack) -> None:
    bo = newcomer(slack, email="")
    await slack.settle()
    await take(slack, BO)
    slack.workspace.people[bo.id].email = "bo@austin.gov"
    await bo.opens_home()
    assert "I do not know you yet" in str(bo.home)
    assert [message["text"].split(".")[0] for message in bo.messages] == ["I found you in the roster, Bo Li"]
    await bo.opens_home()
    assert "You lead *Austin, TX*" in str(bo.home)


async def test_a_stranger_whom_nobody_knows_is_told_whom_to_ask(slack: Slack) -> None:
    zoe = newcomer(slack, "Zoe", "zoe@nowhere.org")
    await zoe.types("/cohort", "list")
    assert zoe.messages[-1]["text"] == (
        "I looked you up in Slack, and you are not on the roster of any cohort here. Please ask Dana Whitfield. "
        "They can add you with the e-mail address that you use in Slack."
    )
    assert "Please" not in str(await zoe.types("/cohort", "help"))


async def test_an_admin_who_comes_first_becomes_the_facilitator_and_the_next_one_does_not(slack: Slack) -> None:
    program_id = await program_of(slack.sessions)
    async with slack.sessions.begin() as session:
        await session.execute(delete(Facilitator).where(Facilitator.program_id == program_id))
    plain = newcomer(slack, "Plain", "plain@nowhere.org")
    admin = newcomer(slack, "Admin", "admin@nowhere.org", is_admin=True)
    second = newcomer(slack, "Second", "second@nowhere.org", is_admin=True)
    await plain.types("/cohort")
    assert "Please ask the people who run your program." in plain.messages[-1]["text"]
    await admin.types("/cohort")
    assert admin.messages[-1]["text"].startswith("You are the first facilitator of this program now")
    await second.types("/cohort")
    assert "Please ask Admin." in second.messages[-1]["text"]
    async with slack.sessions() as session:
        query = select(Member.name).join(Facilitator, Facilitator.member_id == Member.id)
        names = await session.scalars(query.where(Facilitator.program_id == program_id))
        assert names.all() == ["Admin"]


async def test_a_delegate_who_is_an_admin_becomes_the_facilitator_while_there_is_none(slack: Slack) -> None:
    program_id = await program_of(slack.sessions)
    async with slack.sessions.begin() as session:
        await session.execute(delete(Facilitator).where(Facilitator.program_id == program_id))
    slack.workspace.people[slack.person("Ana").id].is_admin = True
    rosa, ana = slack.person("Rosa"), slack.person("Ana")
    await rosa.types("/cohort")
    assert [message["text"].split(" ")[0] for message in rosa.messages] == ["You"]
    await ana.types("/cohort")
    assert ana.messages[-1]["text"].startswith("You are the first facilitator of this program now")
