"""Folders of Google Drive."""

import re
from dataclasses import dataclass
from typing import Any

from logic.google.service import answer_to

PAGE = 100
# What an id may hold; nothing of it can end the quotes of a search.
FOLDER_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
FIELDS = "nextPageToken, files(id, name, mimeType, modifiedTime, size, webViewLink)"


@dataclass(frozen=True)
class DriveFile:
    """`size` is in bytes, and None for Google's own documents and for folders."""

    id: str
    name: str
    mime_type: str
    modified_at: str
    size: int | None
    link: str


@dataclass(frozen=True)
class Page:
    """Files of a folder; `next_page` is what the next call asks with, or None at the end."""

    files: tuple[DriveFile, ...]
    next_page: str | None


def list_folder(drive: Any, folder: str, page: str | None) -> Page:
    """One page of what a folder holds, without what lies in the bin. Raises GoogleError."""
    if not FOLDER_ID.fullmatch(folder):
        raise ValueError("not an id of a folder")
    query = {
        "q": f"'{folder}' in parents and trashed = false",
        "pageSize": PAGE,
        "fields": FIELDS,
        "orderBy": "folder,name_natural",
        "supportsAllDrives": True,
        "includeItemsFromAllDrives": True,
    }
    answer = answer_to(drive.files().list(**query, **({"pageToken": page} if page else {})))
    return Page(tuple(_file(one) for one in answer.get("files", [])), answer.get("nextPageToken"))


def _file(found: dict[str, Any]) -> DriveFile:
    return DriveFile(
        id=found["id"],
        name=found["name"],
        mime_type=found.get("mimeType", ""),
        modified_at=found.get("modifiedTime", ""),
        size=int(found["size"]) if "size" in found else None,
        link=found.get("webViewLink", ""),
    )
