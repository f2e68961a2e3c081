"""The vault: who can open it, whether it can be written, what is in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime

from parom.doctor.observation import Observation, good, note, warning, wrong
from parom.doctor.patient import Patient
from parom.steps.room import parent_that_exists
from parom.words.said import said

_OLD_DAYS = 7


def recipients(patient: Patient) -> Iterator[Observation]:
    """Every key was read with the configuration; two of them survive the loss of one."""
    count = len(patient.config.vault.recipients)
    if count == 1:
        yield note(
            "vault.one-recipient",
            said("Backups are encrypted to one key: if its private half is lost, so are they."),
            said("Add a second recipient whose key lies elsewhere."),
        )
    else:
        yield good("vault.recipients", said("Backups are encrypted to {count} keys.", count=count))


def place(patient: Patient) -> Iterator[Observation]:
    """Whether it can be written, and whether it dies with the data that it keeps."""
    vault, root = patient.config.vault.path, patient.config.project.root
    there = parent_that_exists(vault)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        yield wrong(
            "vault.not-writable",
            said(
                "Backups cannot be written to {vault}: {there} is closed to you.",
                vault=vault,
                there=there,
            ),
            said("Correct vault.path or its permissions."),
        )
    elif vault.is_relative_to(root / "releases") or vault.is_relative_to(root / "shared"):
        yield wrong(
            "vault.inside",
            said("The vault {vault} lies inside of what it backs up.", vault=vault),
            said("Name a folder elsewhere in vault.path."),
        )
    elif there.stat().st_dev == parent_that_exists(root).stat().st_dev:
        yield note(
            "vault.same-disk",
            said(
                "The vault is on the disk of the installation ({there}): one failure takes both.",
                there=there,
            ),
            said("Copy it to another machine, or name a folder on another disk in vault.path."),
        )
    else:
        yield good(
            "vault.place", said("Backups go to {vault}, on another file system.", vault=vault)
        )


def backups(patient: Patient) -> Iterator[Observation]:
    found = patient.installation.vault.list()
    if not found:
        if patient.is_installed:
            yield note(
                "vault.empty",
                said("There is no backup yet; every deployment after the first makes one."),
            )
        return
    newest = found[-1]
    age = (datetime.now(UTC) - newest.created).days
    fact = said(
        "{n} backup(s); the newest, {id}, is {age} day(s) old and verified.",
        n=len(found),
        id=newest.id,
        age=age,
    )
    if age > _OLD_DAYS:
        yield warning("vault.old", fact, said("Make one: `parom backup create`, best every night."))
    else:
        yield good("vault.backups", fact)
