"""files.* of the sandbox's Web API: announced, sent, completed, shared."""

import pytest

from bot.sandbox.workspace import Workspace
from tests.bot.sandbox import web_api
from tests.bot.sandbox.web_api import Json, id_of, ok, refused


@pytest.fixture
def slack() -> Workspace:
    made = web_api.workspace()
    made.join(id_of(made, "#general"), made.bot_user_id)
    return made


@pytest.fixture
def general(slack: Workspace) -> str:
    return id_of(slack, "#general")


async def test_a_file_is_announced_sent_completed_and_shared(slack: Workspace, general: str) -> None:
    announced = await ok(slack, "files.getUploadURLExternal", filename="notes.csv", length=3)
    file_id = announced["file_id"]
    assert announced["upload_url"] == f"{slack.base_url}/upload/{slack.team_id}-{file_id}"
    finish = {"files": [{"id": file_id, "title": "Notes"}], "channel_id": general, "initial_comment": "Here"}
    assert await refused(slack, "files.completeUploadExternal", **finish) == "file_update_failed"
    assert await refused(slack, "files.info", file=file_id) == "file_not_found"
    slack.files[file_id].content = b"a,b"
    [file] = (await ok(slack, "files.completeUploadExternal", **finish))["files"]
    assert (file["title"], file["mimetype"], file["size"]) == ("Notes", "text/csv", 3)
    message = slack.channels[general].messages[-1]
    assert (message["text"], [one["id"] for one in message["files"]]) == ("Here", [file_id])
    assert (await ok(slack, "files.info", file=file_id))["file"]["channels"] == [general]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"files": [{"id": "F9"}]}, "file_not_found"),
        ({"files": []}, "invalid_arguments"),
        ({"channel_id": "C9"}, "channel_not_found"),
        ({"blocks": [{"type": "section"}]}, "invalid_blocks"),
    ],
)
async def test_an_upload_that_cannot_be_shared_is_not_completed(
    slack: Workspace, general: str, change: Json, error: str
) -> None:
    file_id = (await ok(slack, "files.getUploadURLExternal", filename="notes.csv", length=3))["file_id"]
    slack.files[file_id].content = b"a,b"
    args = {"files": [{"id": file_id}], "channel_id": general} | change
    assert await refused(slack, "files.completeUploadExternal", **args) == error
    assert not slack.files[file_id].complete


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"length": 0}, "missing_argument"),
        ({"filename": ""}, "missing_argument"),
        ({"length": 1024**3 + 1}, "file_upload_size_restricted"),
        ({"alt_txt": "x" * 1001}, "alt_txt_too_large"),
    ],
)
async def test_an_upload_has_a_name_and_a_size_within_limits(slack: Workspace, change: Json, error: str) -> None:
    args = {"filename": "notes.csv", "length": 3} | change
    assert await refused(slack, "files.getUploadURLExternal", **args) == error


async def test_a_picture_that_was_uploaded_privately_may_stand_in_a_message(slack: Workspace, general: str) -> None:
    file_id = (await ok(slack, "files.getUploadURLExternal", filename="chart.png", length=3))["file_id"]
    picture = {"type": "image", "alt_text": "Chart", "slack_file": {"id": file_id}}
    [line] = await web_api.faults(slack, "chat.postMessage", channel=general, text="x", blocks=[picture])
    assert line == "invalid slack file [json-pointer:/blocks/0/slack_file]"
    slack.files[file_id].content = b"png"
    await ok(slack, "files.completeUploadExternal", files=[{"id": file_id}])
    await ok(slack, "chat.postMessage", channel=general, text="x", blocks=[picture])


async def test_a_link_to_an_own_private_file_shares_it_in_the_message(slack: Workspace, general: str) -> None:
    announced = await ok(slack, "files.getUploadURLExternal", filename="notes.csv", length=3)
    slack.files[announced["file_id"]].content = b"a,b"
    [file] = (await ok(slack, "files.completeUploadExternal", files=[{"id": announced["file_id"]}]))["files"]
    await ok(slack, "chat.postMessage", channel=general, text=f"Here: <{file['permalink']}|notes.csv>")
    await ok(slack, "chat.postMessage", channel=general, text="Without a link")
    first, second = slack.channels[general].messages[-2:]
    assert [one["id"] for one in first["files"]] == [file["id"]]
    assert "files" not in second
