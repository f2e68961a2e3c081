"""Refuses to open SQLite files of the production, and leaves notes of what happened.

An audit hook sees every `sqlite3.connect` and cannot be taken away again. It does not see an
ATTACH, nor a driver other than the standard library's.
"""

import json
import os
import sys
from urllib.parse import parse_qs, unquote, urlsplit

state = {"stands": False, "opened": 0}
MOST = 10
"""So often the opening of its own database is noted by a process."""
read_only = set()
"""Files that may be read alone: further databases of the settings."""


class ProductionRefused(RuntimeError):
    pass


def stand():
    """Begin to watch; once a process."""
    if not state["stands"]:
        state["stands"] = True
        sys.addaudithook(watch)


def watch(event, arguments):
    if event != "sqlite3.connect":
        return
    file, for_reading = opened(arguments[0])
    if file and is_refused(file, for_reading):
        leave_note("refused", {"pid": os.getpid(), "file": file})
        raise ProductionRefused("a rehearsal must not open %s" % file)
    if file and state["opened"] < MOST and same(file, os.environ["PAROM_TRIAL_DATABASE"]):
        state["opened"] += 1
        leave_note("opened", {"pid": os.getpid()})


def opened(name):
    """The real path that an SQLite name means, empty for memory, and whether it is only read."""
    name, asked = os.fsdecode(name), {}
    if name.startswith("file:"):
        parts = urlsplit(name)
        name, asked = unquote(parts.path), parse_qs(parts.query)
        if asked.get("mode") == ["memory"] or asked.get("vfs") == ["memdb"]:
            name = ""
    for_reading = asked.get("mode") == ["ro"] or asked.get("immutable") == ["1"]
    return ("" if name in ("", ":memory:") else os.path.realpath(name)), for_reading


def is_refused(file, for_reading):
    known = json.loads(os.environ["PAROM_TRIAL_GUARD"])
    if same(file, known["production"]):
        return True
    if for_reading or any(within(file, place) for place in known["free"]):
        return False
    return within(file, known["root"]) or any(same(file, other) for other in read_only)


def same(file, other):
    """By name or by inode: a hard link is the same file."""
    if file == os.path.realpath(other):
        return True
    return os.path.exists(file) and os.path.exists(other) and os.path.samefile(file, other)


def within(file, folder):
    return os.path.commonpath([file, folder]) == folder


def leave_note(name, what):
    """A line in a file of the notes; whole, since it is one write."""
    file = os.path.join(os.environ["PAROM_TRIAL_NOTES"], name)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, (json.dumps(what) + "\n").encode())
    finally:
        os.close(descriptor)
