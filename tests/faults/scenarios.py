"""What is under way when the engine dies, and what must be there in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faults.server import server_of
from tests.support import on_postgresql
from tests.support.ferry import Ferry, make_ferry, write_project

MIGRATING = (
    "import pathlib, time; "
    "next(one / 'migrating' for one in pathlib.Path(__file__).resolve().parents "
    "if (one / 'parom.toml').exists()).touch(); time.sleep(0.3)"
)
FAILS_WITH_USE = (
    "failing = VERSION == 2 and request.method == 'GET' "
    "and Note.objects.filter(length=0).count() > 3\n"
    "    if failing: return JsonResponse({}, status=500)"
)
FAILS_WHEN_WATCHED = (
    "failing = VERSION == 2 and request.method == 'GET' and any("
    "found for one in __import__('pathlib').Path(__file__).resolve().parents "
    "for found in one.glob('vault/[0-9]*-final'))\n"
    "    if failing: return JsonResponse({}, status=500)"
)
"""Not before the final backup is complete, so that it is always the watch that turns back."""
_REFUSING_CHECK = """\
from pathlib import Path


def test_notes_answer(api):
    assert api.get("/notes/").status_code == 200
    assert not any((one / "refuse").exists() for one in Path(__file__).resolve().parents)
"""


@dataclass(frozen=True)
class Scenario:
    """One kind of run on one kind of installation."""

    kind: str
    """A layout, or `postgresql`: releases, with the database on a server."""
    name: str
    command: str
    starts_from: int
    """The version that runs before: 0 is an empty root."""
    ends_with: int
    """The version that runs where the run went its way."""
    goes_back_with: int
    """The version after `parom rollback` in the middle of it."""
    only_undo: bool = False
    """Its way forward is that of another scenario."""
    waits_at: str = ""
    """Begins with a run whose engine was killed at this point: the one that is struck next is
    not the first."""

    @property
    def id(self) -> str:
        return f"{self.kind}/{self.name}{'-twice' if self.waits_at else ''}"

    @property
    def layout(self) -> str:
        return "releases" if self.has_server else self.kind

    @property
    def has_server(self) -> bool:
        return self.kind == "postgresql"

    @property
    def next_command(self) -> str:
        """What the next engine is asked for."""
        return "resume" if self.waits_at else self.command

    @property
    def make(self) -> Callable[[Path], Ferry]:
        seconds = 30 if self.name == "auto" else 1

        def made(folder: Path) -> Ferry:
            watch = f"seconds = {seconds}\nbaseline_s = 0.5\ngrace_s = 0\nprobe_every_s = 0.1"
            changes = on_postgresql.tables(server_of(folder).programs) if self.has_server else {}
            return make_ferry(folder, layout=self.layout, watch=f"{watch}\nshort = true", **changes)

        return made

    def source(self, ferry: Ferry, version: int) -> None:
        """Put a version where releases come from."""
        faults = {}
        if version > 1:
            faults["fill"] = MIGRATING
        if version == 2 and self.name == "auto":
            faults["notes"] = FAILS_WHEN_WATCHED
        self.write(ferry, version, **faults)
        if (self.name == "early" and version == 2) or (self.name == "forth" and version == 1):
            (ferry.source / "checks" / "test_notes.py").write_text(_REFUSING_CHECK)

    def write(self, ferry: Ferry, version: int, **faults: str) -> None:
        """The project itself, with its database where this kind of installation has it."""
        if self.has_server:
            faults["settings"] = on_postgresql.SETTINGS + faults.get("settings", "")
        write_project(ferry.source, version, **faults)

    def moved(self, ferry: Ferry) -> None:
        """Make a copied installation fit its new place, and set the trap."""
        if self.name in ("early", "forth"):
            (ferry.top / "refuse").touch()
        if self.command == "deploy":
            self.source(ferry, self.starts_from + 1)


def scenarios(kind: str) -> tuple[Scenario, ...]:
    return (
        Scenario(kind, "good", "deploy", 1, 2, 1),
        Scenario(kind, "auto", "deploy", 1, 1, 1),
        Scenario(kind, "hand", "rollback", 2, 1, 1),
        Scenario(kind, "early", "deploy", 1, 1, 1, only_undo=True),
        Scenario(kind, "forth", "rollback", 2, 2, 2, only_undo=True),
    )


KINDS = ("releases", "in-place", "postgresql")
