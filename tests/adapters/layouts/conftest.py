"""Both layouts behind one description, so that one suite runs over both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from parom.adapters.layouts.in_place import InPlaceLayout
from parom.adapters.layouts.releases import ReleasesLayout
from parom.facts import Release
from tests.adapters.layouts.trees import NOW, ONE, SHARED, TWO, read_tree, write_tree


@dataclass
class Laid:
    """A layout in an empty root, with what tests need to know of it."""

    kind: str
    root: Path
    layout: InPlaceLayout | ReleasesLayout

    def add(self, release_id: str, files: Mapping[str, str], *, minute: int = 0) -> None:
        """Bring a release here the way a deployment does."""
        folder = self.layout.path_of(release_id)
        write_tree(folder, files)
        write_tree(folder, {".venv/name": release_id})
        self.layout.link_shared(release_id)
        created = NOW + timedelta(minutes=minute)
        self.layout.record(Release(release_id, "a test", release_id, created))

    def running_tree(self) -> dict[str, str]:
        """The code by the path by which services are started, without what is shared."""
        top = self.layout.running_path.resolve()
        shared = {name.rstrip("/") for name in SHARED}
        tree = read_tree(top)
        return {name: what for name, what in tree.items() if name.split("/")[0] not in shared}

    def running_environment(self) -> str:
        return (self.layout.running_path / ".venv" / "name").read_text()


def laid_out(kind: str, root: Path) -> Laid:
    root.mkdir(exist_ok=True)
    if kind == "in-place":
        return Laid(kind, root, InPlaceLayout(root, root / ".parom", SHARED))
    return Laid(kind, root, ReleasesLayout(root, SHARED))


@pytest.fixture(params=["releases", "in-place"])
def laid(request: pytest.FixtureRequest, tmp_path: Path) -> Laid:
    return laid_out(request.param, tmp_path / "root")


@pytest.fixture
def two_releases(laid: Laid) -> Laid:
    laid.add("one", ONE, minute=1)
    laid.add("two", TWO, minute=2)
    laid.layout.switch("one")
    return laid
