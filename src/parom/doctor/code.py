"""Where releases come from, and whether one could be built from what is there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from uv import find_uv_bin

from parom.build.dependencies import Dependencies, DependencyKind
from parom.build.python_version import wanted_python
from parom.doctor.observation import Observation, good, note, warning, wrong
from parom.doctor.patient import Patient
from parom.errors import build as build_errors
from parom.inspect.found import text_of
from parom.words.said import said

_SERVERS = ("gunicorn", "uvicorn", "waitress", "uwsgi", "hypercorn", "daphne")


def source(patient: Patient) -> Iterator[Observation]:
    """Whether the source answers and knows the ref; its tree is kept for what follows."""
    config = patient.config.source
    if config.type == "directory":
        folder = Path(config.location) / config.subfolder
        if folder.resolve() == patient.config.project.root.resolve():
            yield wrong(
                "source.is-installation",
                said(
                    "source.location is {folder}, which is the installation itself.", folder=folder
                ),
                said("Name the repository, or the folder that new releases are put into."),
            )
            return
        revision = patient.installation.source.resolve("")
        patient.revision, patient.tree = revision, folder
        yield good(
            "source.reachable",
            said("The source is the folder {folder}.", folder=revision.described),
        )
        return
    git = patient.git_source()
    patient.revision = git.resolve(config.ref)
    tree = patient.scratch / "tree"
    git.fetch(patient.revision, tree)
    patient.tree = tree
    yield good(
        "source.reachable",
        said(
            "{described} is commit {revision}.",
            described=patient.revision.described,
            revision=patient.revision.revision[:7],
        ),
    )


def contents(patient: Patient) -> Iterator[Observation]:
    """Whether manage.py is where it should be, and nothing in the way of what is shared."""
    tree = patient.tree
    if tree is None:
        return
    manage = patient.config.project.manage
    if not (tree / manage).is_file():
        yield wrong(
            "source.no-manage",
            said("The source has no {manage}.", manage=manage),
            said("Correct project.manage or source.subfolder in parom.toml."),
        )
    if patient.config.source.type == "directory":
        return  # what is left out there is known only when it is copied
    for name in patient.config.release.shared:
        place = tree / name
        holds = place.is_file() or (place.is_dir() and _holds_code(place))
        if holds:
            yield wrong(
                "source.shared-in-code",
                said(
                    '"{name}" is in release.shared, but the source brings one of its own.',
                    name=name,
                ),
                said(
                    "Take it out of the repository (`git rm -r --cached {name}`, and list it in "
                    ".gitignore), or out of release.shared.",
                    name=name,
                ),
            )


def _holds_code(folder: Path) -> bool:
    return any(one.name not in (".gitkeep", ".gitignore", ".keep") for one in folder.iterdir())


def interpreter(patient: Patient) -> Iterator[Observation]:
    """Whether the Python that releases ask for is on this machine."""
    release = patient.config.release
    if patient.tree is None:
        yield note("release.python-unknown", said("Which Python a release asks for is not known."))
        return
    if Path(release.dependencies).is_absolute():
        return  # the environment brings its own
    file = patient.tree / release.dependencies
    wanted = wanted_python(patient.tree, file, release.python)
    if not wanted:
        yield good(
            "release.python", said("Releases ask for no Python of their own; Parom's is used.")
        )
        return
    found = patient.installation.host.run(
        [find_uv_bin(), "python", "find", "--no-python-downloads", "--no-project", wanted],
        cwd=patient.scratch,
    )
    if not found.succeeded:
        raise build_errors.no_python(wanted, found.stderr.strip()[-300:])
    yield good(
        "release.python",
        said("Releases run on {python} ({wanted}).", python=found.stdout.strip(), wanted=wanted),
    )


def dependencies(patient: Patient) -> Iterator[Observation]:
    """Whether what releases are installed from is there."""
    named = patient.config.release.dependencies
    if patient.tree is None and not os.path.isabs(named):  # noqa: PTH117
        yield note("release.dependencies-unknown", said("The source was not had, so neither they."))
        return
    wanted = Dependencies.of(patient.tree or Path(), named)
    if wanted.kind is DependencyKind.EXISTING:
        yield warning(
            "release.shared-environment",
            said(
                "All releases run from {file}, which Parom does not manage: a return does "
                "not bring its old packages back.",
                file=wanted.file,
            ),
            said("Name a lock or requirements file in release.dependencies."),
        )
        return
    yield good(
        "release.dependencies",
        said("Releases are installed from {described}.", described=wanted.described),
    )
    if wanted.kind is not DependencyKind.NONE and not _names_server(wanted.file, patient):
        server = " ".join(patient.config.services.web)
        yield warning(
            "release.no-web-server",
            said(
                "{named} names none of the web servers that are known, and services.web is: "
                "{server}.",
                named=named,
                server=server,
            ),
            said("Add it (gunicorn, for one), if it is not among them by another name."),
        )


def _names_server(file: Path, patient: Patient) -> bool:
    if patient.config.services.type != "embedded":
        return True
    text = text_of(file).lower()
    # A file that includes others is not followed: then there is nothing to say.
    return not text or "-r " in text or any(name in text for name in _SERVERS)


def functional(patient: Patient) -> Iterator[Observation]:
    """Whether the functional checks are in the source."""
    named = patient.config.checks.functional
    if not named:
        yield note(
            "checks.no-functional",
            said("No functional checks are configured: pages are asked, nothing is tried out."),
            said("Write pytest files into the source and name their folder in checks.functional."),
        )
        return
    if patient.tree is None:
        return
    folder = patient.tree / patient.config.project_folder / named
    files = sorted(folder.glob("test_*.py")) + sorted(folder.glob("*_test.py"))
    if files:
        yield good(
            "checks.functional",
            said("{named} holds {n} file(s) with checks.", named=named, n=len(files)),
        )
    else:
        yield wrong(
            "checks.functional-missing",
            said(
                "The source has no test_*.py in {folder}.", folder=folder.relative_to(patient.tree)
            ),
            said("Commit them, or correct checks.functional."),
        )
