"""The database of a backup on a machine that has nothing else of the installation."""

from __future__ import annotations

import shutil

from parom.plan.plan import Kind
from parom.steps.recovery import RecoverDatabase, unpacked
from tests.steps.test_capture import after_opening, by_hand, ferry, notes
from tests.support.ferry import Ferry

__all__ = ["ferry"]


def test_the_capture_of_a_lost_snapshot_does_not_come_back(ferry: Ferry) -> None:
    """Nobody returns by it any more, and every write would be noted for nothing."""
    context = after_opening(ferry, [], kind=Kind.RECOVERY)
    by_hand(ferry, "INSERT INTO note VALUES (3, 'new')")
    database = context.installation.database
    folder = unpacked(context) / "database"
    folder.mkdir(parents=True)
    database.copy_online(folder / database.copy_name)
    ferry.live_database.resolve().unlink()
    shutil.rmtree(ferry.root / ".parom/databases")
    ferry.live_database.unlink(missing_ok=True)
    assert RecoverDatabase().run(context) == {"rows": 3}
    assert not database.capture_installed()
    assert RecoverDatabase().run(context) == {"rows": 3}  # killed right after, and repeated
    assert len(notes(ferry.live_database)) == 3
