"""Steps in words: while they are done, and once they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Title:
    doing: str
    done: str


TITLES = {
    "installation.adopt": Title("Keeping what runs now as a release", "What runs now is kept"),
    "release.fetch": Title("Fetching the release", "Release fetched"),
    "release.build": Title("Building its environment", "Environment built"),
    "gates.code": Title("Judging the new code", "New code judged"),
    "backup.online": Title(
        "Backing up, encrypted, and unpacking to compare", "Backup made, unpacked and compared"
    ),
    "rehearsal.run": Title(
        "Rehearsing on a copy of the data, and the return", "Crossing and return rehearsed"
    ),
    "cutover.await": Title("Waiting for the hour and for approval", "Free to go over"),
    "baseline.measure": Title("Measuring what is normal", "Baseline measured"),
    "database.precopy": Title("Preparing the snapshot", "Snapshot prepared"),
    "release.record": Title("Completing the release", "Release complete"),
    "migration.load": Title("Loading the migration", "Migration loaded, waiting"),
    "gateway.hold": Title("Holding the public", "Public held"),
    "gateway.close": Title("Showing the maintenance page", "Public sees the maintenance page"),
    "services.stop": Title("Stopping the services", "Services stopped"),
    "database.snapshot": Title("Taking the snapshot", "Snapshot of the database taken"),
    "release.switch": Title("Switching the release", "Release switched"),
    "database.migrate": Title("Migrating the database", "Database migrated"),
    "database.return": Title("Swapping the old database in", "Old database swapped in"),
    "capture.install": Title("Installing the capture of writes", "Capture of writes installed"),
    "capture.collect": Title("Saving the writes since opening", "Writes since opening saved"),
    "services.private": Title("Starting the release in private", "Release started in private"),
    "checks.private": Title("Checking before opening", "Checked before opening"),
    "services.background": Title(
        "Starting workers and schedulers", "Workers and schedulers started"
    ),
    "gateway.open": Title("Opening to the public", "Opened to the public"),
    "services.web": Title("Handing over to the web service", "Web service took over"),
    "return.prepare": Title("Preparing a way back", "Way back prepared"),
    "return.ahead": Title("Preparing the return", "Return prepared"),
    "backup.final": Title(
        "Backing up what was stopped, and comparing",
        "Final backup made, unpacked and compared",
    ),
    "watch.run": Title("Watching the new release", "Watched"),
    "recovery.code": Title("Putting the release's code back", "Release's code is back"),
    "recovery.files": Title("Putting settings and media back", "Settings and media are back"),
    "recovery.database": Title("Putting the database back", "Database is back"),
    "recovery.tidy": Title("Tidying up", "Tidied up"),
    "release.accept": Title("Accepting the release", "Release accepted"),
}


def done(step: str) -> str:
    title = TITLES.get(step)
    return title.done if title else step


def doing(step: str) -> str:
    title = TITLES.get(step)
    return title.doing if title else step
