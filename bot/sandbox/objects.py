"""People, channels and files in the shapes in which Slack's Web API and events give them."""

import mimetypes
import zlib
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.sandbox.records import Channel, File, Json, Person

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


def user(person: Person, team_id: str, at: datetime) -> Json:
    """Slack's user object, e-mail included; the caller takes it out where the scope is missing."""
    zone = at.astimezone(ZoneInfo(person.tz))
    offset = zone.utcoffset()
    profile: Json = {
        "title": person.title,
        "phone": "",
        "skype": "",
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "status_text": "",
        "status_emoji": "",
        "avatar_hash": f"{zlib.crc32(person.id.encode()):08x}",
        "team": team_id,
    }
    if person.email:
        profile["email"] = person.email
    answer: Json = {
        "id": person.id,
        "team_id": team_id,
        "name": person.name,
        "deleted": person.deleted,
        "color": f"{zlib.crc32(person.id.encode()) & 0xFFFFFF:06x}",
        "real_name": person.real_name,
        "profile": profile,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": int(at.timestamp()),
    }
    if not person.deleted:
        answer |= {
            "tz": person.tz,
            "tz_label": str(zone.tzname()),
            "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
            "is_admin": person.is_admin,
            "is_owner": person.is_owner,
            "is_primary_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
        }
    return answer


def bot(workspace: "Workspace") -> Json:
    """Slack's bot object, which also stands in messages as `bot_profile`."""
    return {
        "id": workspace.bot_id,
        "deleted": False,
        "name": workspace.people[workspace.bot_user_id].real_name,
        "updated": 0,
        "app_id": workspace.app_id,
        "icons": {},
        "team_id": workspace.team_id,
    }


def conversation(channel: Channel, viewer: str, team_id: str) -> Json:
    """Slack's conversation object as `viewer` sees it."""
    common: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.is_im,
        "is_org_shared": False,
        "context_team_id": team_id,
        "updated": channel.created * 1000,
    }
    if channel.is_im:
        other = next((member for member in channel.members if member != viewer), viewer)
        return common | {"user": other, "is_user_deleted": False, "priority": 0}
    return common | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private and not channel.is_mpim,
        "is_group": channel.is_private and not channel.is_mpim,
        "is_mpim": channel.is_mpim,
        "is_private": channel.is_private or channel.is_mpim,
        "is_general": channel.name == "general",
        "is_shared": False,
        "is_ext_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "unlinked": 0,
        "creator": channel.creator,
        "is_member": viewer in channel.members,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "previous_names": [],
    }


def file(upload: File, base_url: str, team_id: str) -> Json:
    """Slack's file object."""
    place = f"{base_url}/files/{team_id}-{upload.id}/{quote(upload.name)}"
    kind = upload.name.rsplit(".", 1)[-1].lower() if "." in upload.name else "binary"
    return {
        "id": upload.id,
        "created": upload.created,
        "timestamp": upload.created,
        "name": upload.name,
        "title": upload.title or upload.name,
        "mimetype": mimetypes.guess_type(upload.name)[0] or "application/octet-stream",
        "filetype": kind,
        "pretty_type": kind.upper(),
        "user": upload.user,
        "user_team": team_id,
        "editable": False,
        "size": upload.length,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": bool(upload.channels),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": place,
        "url_private_download": f"{place}?download=1",
        "permalink": place,
        "channels": [channel for channel in upload.channels if channel.startswith("C")],
        "groups": [channel for channel in upload.channels if channel.startswith("G")],
        "ims": [channel for channel in upload.channels if channel.startswith("D")],
        "comments_count": 0,
        "has_rich_preview": False,
        "file_access": "visible",
        **({"alt_txt": upload.alt_txt} if upload.alt_txt else {}),
    }
