"""The layout `in-place`: an installation that lives, code and data, in one folder.

```
root/                       the application's folder: code, database, media, scripts
root/.venv                  -> the environment of the release that runs
root/.parom/releases/<id>/  immutable, as in the layout `releases`
root/.parom/manifests/      what each of them installs, with hashes
root/.parom/current.json    which of them lies in root
root/.parom/switching.json  there while a switch is under way
root/.parom/kept/           files that a switch found and no release knew
```
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath

from parom.adapters.layouts.environment_link import EnvironmentLink
from parom.adapters.layouts.installing import Installation, differing, install
from parom.adapters.layouts.manifest import Manifest, load_manifest, save_manifest
from parom.adapters.layouts.release_record import (
    checked_id,
    read_record,
    recorded,
    unrecorded,
    write_record,
)
from parom.adapters.layouts.removal import ENVIRONMENT, borrowed, remove_release
from parom.adapters.layouts.shared import belongs_to, link_into, parse_names
from parom.adapters.layouts.switch_journal import SwitchJournal
from parom.durable import fsync_directory
from parom.errors import layout as errors
from parom.facts import Release
from parom.tree import LeftOut, copy, exclusion, fingerprint, scan

NOT_CODE = (
    *(".venv", ".git", ".hg", ".svn", ".parom*", "*.parom-new", "__pycache__", "*.pyc"),
    *("*.log", "*.log.*", "*.pid", "*.sock", "celerybeat-schedule*", ".env.maintenance*"),
    "parom.toml",
)


class InPlaceLayout:
    """Releases beside the installation; switching replaces the files that differ."""

    def __init__(
        self,
        root: Path,
        state: Path,
        shared: Sequence[str],
        environment: str = ENVIRONMENT,
        *,
        left_out: Sequence[str] = (),
    ) -> None:
        """`shared` must name the database file too. `environment` is the name, in root, by
        which the installation's scripts know their virtual environment; `left_out` patterns
        of what else is no code.

        Raises `layout.bad-shared-name`.
        """
        self._root = root.absolute()
        self._state = state.absolute()
        self._releases = self._state / "releases"
        self._shared = parse_names(shared)
        self._journal = SwitchJournal(self._state)
        live = self._root / environment
        self._environment = EnvironmentLink(live, self._releases, self._state / "environments")
        self._left_out = _left_out(
            belongs_to(self._shared),
            exclusion((*NOT_CODE, *left_out)),
            PurePosixPath(environment).__eq__,
        )

    @property
    def running_path(self) -> Path:
        return self._root

    def current(self) -> str | None:
        """During a switch the release that it started from."""
        return self._journal.current()

    def path_of(self, release_id: str) -> Path:
        return self._releases / checked_id(release_id)

    def releases(self) -> tuple[Release, ...]:
        return recorded(self._releases)

    def modified(self) -> tuple[str, ...]:
        """Files in root that are not as the release that runs installed them, sorted."""
        running = self.current()
        if running is None:
            return ()
        return tuple(sorted(differing(self._root, self._manifest(running).tree)))

    def record(self, release: Release) -> None:
        folder = self.path_of(release.id)
        if not folder.is_dir():
            raise errors.unknown_release(release.id, self._releases)
        if read_record(folder) is None:
            self._record(release, Manifest(scan(folder, self._left_out)))

    def adopt_running(self, now: datetime) -> Release:
        """Copy what lies in root as a release. What runs is not touched.

        Raises `layout.no-application`, `layout.modified-files`, `layout.interrupted-switch`.
        """
        switching = self._journal.switching()
        if switching is not None:
            raise errors.interrupted_switch(switching.earlier or "", switching.target)
        running = self.current()
        if running is None:
            return self._adopt(now)
        known = read_record(self.path_of(running))
        if known is None:
            raise errors.unknown_release(running, self._releases)
        changed = self.modified()
        if changed:
            raise errors.modified_files(self._root, changed)
        return known

    def link_shared(self, release_id: str) -> None:
        """Let a release's tree reach the files that are shared. Raises
        `layout.shared-in-code`."""
        self._prepare()
        link_into(self.path_of(release_id), self._root, self._shared)

    def switch(self, release_id: str) -> None:
        """Install a complete release into root. Services stopped.

        Killed at any point, it is finished by calling it again, with the same release or
        with the one before. Raises `layout.unknown-release`, `layout.damaged-release`.
        """
        target = self.path_of(release_id)
        if read_record(target) is None:
            raise errors.unknown_release(release_id, self._releases)
        self._prepare()
        switching = self._journal.begin(release_id)
        install(
            Installation(
                root=self._root,
                release=target,
                target=self._manifest(release_id).tree,
                earlier=[self._manifest(one) for one in switching.involved],
                staging=self._state / "staging",
                kept=self._state / "kept" / f"{switching.earlier or 'nothing'}-to-{release_id}",
            )
        )
        self._environment.hand_over(target, switching.environment)
        self._journal.finish(release_id)

    def vacate(self) -> None:
        """Take out again what a first installation put into root; what others put there stays."""
        switching = self._journal.switching()
        running = self.current() or (switching.target if switching else None)
        if running is None:
            return
        install(
            Installation(
                root=self._root,
                release=self.path_of(running),
                target={},
                earlier=[self._manifest(running)],
                staging=self._state / "staging",
                kept=self._state / "kept" / f"{running}-to-nothing",
            )
        )
        self._environment.take_away()
        self._journal.forget()

    def remove(self, release_id: str) -> None:
        checked_id(release_id)
        if release_id in self._in_use():
            raise errors.current_release(release_id)
        remove_release(self._releases, release_id)
        (self._state / "manifests" / f"{release_id}.json").unlink(missing_ok=True)
        for unused in self._environment.unused():
            shutil.rmtree(unused)

    def debris(self) -> tuple[Path, ...]:
        return tuple(
            path
            for path in unrecorded(self._releases)
            if path.name not in self._in_use() and not borrowed(self._releases, path)
        )

    def _adopt(self, now: datetime) -> Release:
        def left_out(path: PurePosixPath) -> bool:
            place = self._root / path
            return self._left_out(path) or (place / "pyvenv.cfg").is_file() or place == self._state

        tree = scan(self._root, left_out)
        if not any(path.suffix == ".py" for path in tree):
            raise errors.no_application(self._root)
        self._prepare()
        revision = fingerprint(tree)
        release = self._adopted_before(revision)
        if release is None:
            release_id = f"{now:%Y%m%d-%H%M%S}-{revision[:7]}"
            release = Release(release_id, str(self._root), revision, now)
            self._copy_running(release, Manifest(tree, certain=False))
        # The last effect: until then what lies in root is nobody's release.
        self._journal.finish(release.id)
        return release

    def _copy_running(self, release: Release, manifest: Manifest) -> None:
        folder = self.path_of(release.id)
        remove_release(self._releases, release.id)
        partial = folder.with_name(folder.name + ".partial")
        try:
            copy(self._root, manifest.tree, partial)
        except FileNotFoundError as gone:
            raise errors.changing(self._root, [str(gone.filename)]) from gone
        changed = differing(partial, manifest.tree)
        if changed:
            raise errors.changing(self._root, changed)
        self._environment.adopt(partial)
        partial.rename(folder)
        fsync_directory(self._releases)
        self.link_shared(release.id)
        self._record(release, manifest)

    def _adopted_before(self, revision: str) -> Release | None:
        """The same state, adopted by a call that was killed before it could say so."""
        same = (
            release
            for release in self.releases()
            if release.revision == revision and release.source == str(self._root)
        )
        return next(same, None)

    def _record(self, release: Release, manifest: Manifest) -> None:
        self._prepare()
        save_manifest(self._state / "manifests" / f"{release.id}.json", manifest)
        write_record(self.path_of(release.id), release)

    def _manifest(self, release_id: str) -> Manifest:
        return load_manifest(self._state / "manifests" / f"{release_id}.json", self._left_out)

    def _in_use(self) -> frozenset[str]:
        switching = self._journal.switching()
        involved = {*switching.involved, switching.target} if switching else set()
        return frozenset(involved | {self.current() or ""})

    def _prepare(self) -> None:
        self._state.mkdir(parents=True, exist_ok=True)
        # It may have been made as somebody's parent folder, with the usual mode.
        self._state.chmod(0o700)
        self._releases.mkdir(exist_ok=True)
        (self._state / "manifests").mkdir(exist_ok=True)


def _left_out(*rules: Callable[[PurePosixPath], bool]) -> LeftOut:
    return lambda path: any(rule(path) for rule in rules)
