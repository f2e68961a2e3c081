"""Moving an installation that lives in one folder into the layout `releases`.

The caller has stopped the services. The plan is written down before the first move, and
every move is a rename that is looked at before it is made; so after a kill `adopt` goes
on where it was, and `take_back` undoes it, as long as nothing was deployed since.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from parom.adapters.layouts import adoption as adoptions
from parom.adapters.layouts.adoption import Adoption, plan_adoption
from parom.adapters.layouts.releases import ReleasesLayout
from parom.adapters.layouts.removal import ENVIRONMENT, remove_release
from parom.adapters.layouts.shared import parse_names
from parom.durable import clear_abandoned, fsync_directory, replace_symlink
from parom.errors import layout as errors
from parom.facts import Release
from parom.tree import copy

LEFT = "left-after-adoption"
"""The folder in .parom for what was deployed before an adoption was taken back."""


def adopt(
    root: Path,
    target_root: Path,
    shared: Sequence[str],
    now: datetime,
    environment: str = ENVIRONMENT,
) -> Release:
    """Make `target_root` a releases layout with what lies in `root` as its first release.

    `shared` names the database file, too; `environment` the virtual environment in `root`.
    Both go on working at their old places, through links; code in another root stays
    where it was. Call it again after a crash; after success it changes nothing.
    Raises `layout.no-application`, `layout.name-taken`, `layout.other-file-system` before
    anything is changed, and `layout.adoption-stuck`.
    """
    root, target_root = root.absolute(), target_root.absolute()
    done = adoptions.finished(target_root)
    if done is not None:
        return _release_of(done)
    adoption = adoptions.under_way(target_root)
    if adoption is None:
        adoption = plan_adoption(root, target_root, shared, now, environment)
        adoptions.begin(adoption)
    _carry_out(_Places(adoption))
    adoptions.finish(target_root)
    return _release_of(adoption)


def take_back(target_root: Path) -> None:
    """Put everything back to where `adopt` found it; absent is fine.

    Raises `layout.adoption-over` where another release runs already.
    """
    target_root = target_root.absolute()
    adoption = adoptions.under_way(target_root) or adoptions.finished(target_root)
    if adoption is None:
        return
    running = ReleasesLayout(target_root, adoption.shared).current()
    if running not in (None, adoption.release_id):
        raise errors.adoption_over(str(running))
    if adoptions.under_way(target_root) is None:
        # From here on `adopt` may go forward again from wherever this one is killed.
        adoptions.reopen(target_root)
    _undo(_Places(adoption))
    adoptions.forget(target_root)


@dataclass(frozen=True)
class _Places:
    adoption: Adoption

    @property
    def root(self) -> Path:
        return Path(self.adoption.root)

    @property
    def target_root(self) -> Path:
        return Path(self.adoption.target_root)

    @property
    def release(self) -> Path:
        return self.target_root / "releases" / self.adoption.release_id

    @property
    def shared(self) -> Path:
        return self.target_root / "shared"

    @property
    def aside(self) -> Path:
        return self.target_root / ".parom" / "before-adoption"


def _carry_out(places: _Places) -> None:
    adoption = places.adoption
    layout = ReleasesLayout(places.target_root, adoption.shared)
    _copy_code(places)
    for name in adoption.moved:
        _move(places.root / name, places.shared / name, adoption.leaves_link(name))
    for name, leads_to, _text in adoption.linked:
        (places.shared / name).parent.mkdir(parents=True, exist_ok=True)
        replace_symlink(places.shared / name, leads_to)
        # The database behind it will be exchanged by exchanging the link in shared/: a link
        # that stayed as it is would go on leading to the old one.
        old = places.root / name
        replace_symlink(old, os.path.relpath(places.shared / name, old.parent))
    if adoption.environment:
        _take_environment(places)
    layout.link_shared(adoption.release_id)
    layout.record(_release_of(adoption))
    layout.switch(adoption.release_id)
    for name in adoption.aside:
        _move(places.root / name, places.aside / name, link_back=False)


def _undo(places: _Places) -> None:
    adoption = places.adoption
    for name in adoption.aside:
        _return(places.aside / name, places.root / name)
    clear_abandoned(places.target_root / "current")
    (places.target_root / "current").unlink(missing_ok=True)
    own = places.release / ENVIRONMENT
    if adoption.environment and not own.is_symlink():
        _return(own, places.root / adoption.environment)
    for name, _leads_to, text in adoption.linked:
        replace_symlink(places.root / name, text)
        clear_abandoned(places.shared / name)
        (places.shared / name).unlink(missing_ok=True)
    for name in reversed(adoption.moved):
        _return_shared(places.shared / name, places.root / name)
    remove_release(places.target_root / "releases", adoption.release_id)
    for folder in (places.shared, places.release.parent):
        _remove_if_empty(folder)
        if folder.exists():
            _put_aside(folder, places.target_root / ".parom" / LEFT)


def _put_aside(folder: Path, left: Path) -> None:
    """What later deployments brought: out of the way, where it would count as code."""
    left.mkdir(mode=0o700, exist_ok=True)
    number = sum(1 for one in left.iterdir() if one.name.startswith(folder.name))
    folder.rename(left / f"{folder.name}-{number + 1}")
    fsync_directory(left)
    fsync_directory(folder.parent)


def _release_of(adoption: Adoption) -> Release:
    created = datetime.fromisoformat(adoption.created)
    return Release(adoption.release_id, adoption.root, adoption.revision, created)


def _copy_code(places: _Places) -> None:
    if places.release.is_dir():
        return
    places.release.parent.mkdir(parents=True, exist_ok=True)
    places.shared.mkdir(exist_ok=True)
    partial = places.release.with_name(places.release.name + ".partial")
    if partial.exists():
        shutil.rmtree(partial)
    names = parse_names(places.adoption.shared)
    copy(places.root, adoptions.code_of(places.root, places.target_root, names), partial)
    partial.rename(places.release)
    fsync_directory(places.release.parent)


def _take_environment(places: _Places) -> None:
    old, own = places.root / places.adoption.environment, places.release / ENVIRONMENT
    if old.is_symlink() and not _leads_to(old, own):
        replace_symlink(own, str(old.resolve()))
    else:
        _move(old, own, link_back=True)


def _move(old: Path, new: Path, link_back: bool) -> None:
    """Rename `old` to `new`, unless that was done, and leave a link where it was."""
    if os.path.lexists(old) and not _leads_to(old, new):
        if os.path.lexists(new):
            raise errors.adoption_stuck(old, new)
        new.parent.mkdir(parents=True, exist_ok=True)
        old.rename(new)
        fsync_directory(new.parent)
        fsync_directory(old.parent)
    if link_back and os.path.lexists(new):
        replace_symlink(old, os.path.relpath(new, old.parent))


def _return(new: Path, old: Path) -> None:
    """Undo `_move`, unless that was done."""
    clear_abandoned(old)
    if not os.path.lexists(new):
        return
    if _leads_to(old, new):
        old.unlink()
    elif os.path.lexists(old):
        raise errors.adoption_stuck(old, new)
    new.rename(old)
    fsync_directory(old.parent)
    fsync_directory(new.parent)


def _return_shared(new: Path, old: Path) -> None:
    """Undo `_move` for what may have become a link since: a database behind one of Parom's.
    Its text is true at its own place only."""
    if not new.is_symlink():
        _return(new, old)
        return
    replace_symlink(old, os.path.relpath(new.resolve(), old.parent))
    clear_abandoned(new)
    new.unlink()
    fsync_directory(new.parent)


def _leads_to(link: Path, target: Path) -> bool:
    return link.is_symlink() and Path(os.path.normpath(link.parent / link.readlink())) == target


def _remove_if_empty(folder: Path) -> None:
    """Remove folders that hold no file at any depth."""
    for inside, _folders, _files in os.walk(folder, topdown=False):
        if not any(Path(inside).iterdir()):
            Path(inside).rmdir()
