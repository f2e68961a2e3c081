"""A ferry that has been deployed to once, on either layout."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.ferry import Ferry, make_ferry, write_project


@pytest.fixture(params=["releases", "in-place"])
def ferry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ferry]:
    """An installation that runs version 1 with a hundred notes and a photo."""
    made = make_ferry(tmp_path / "old", layout=request.param)
    write_project(made.source, 1)
    if request.param == "in-place":
        made.install_by_hand()
    try:
        if request.param == "releases":
            deployed = made.parom("deploy")
            assert deployed.returncode == 0, deployed.stdout + deployed.stderr
            made.add_notes(100)
            (made.root / "shared" / "media" / "photo.jpg").write_bytes(b"pixels")
        yield made
    finally:
        made.shut_down()
