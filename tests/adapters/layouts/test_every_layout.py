"""What every layout promises: one suite over all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from parom.adapters.layouts.in_place import InPlaceLayout
from parom.adapters.layouts.releases import ReleasesLayout
from parom.errors import ParomError
from parom.facts import Release
from parom.ports import Layout
from tests.adapters.layouts.conftest import Laid
from tests.adapters.layouts.killing import killed_at
from tests.adapters.layouts.trees import (
    NOW,
    ONE,
    SHARED,
    TWO,
    expected_tree,
    read_tree,
    write_tree,
)


def test_an_empty_root_has_nothing(laid: Laid) -> None:
    """A first installation must be told from a broken one."""
    assert laid.layout.current() is None
    assert laid.layout.releases() == ()
    assert laid.layout.debris() == ()
    with pytest.raises(ParomError, match=r"layout\.no-application"):
        laid.layout.adopt_running(NOW)


def test_a_switch_lays_exactly_the_releases_files(two_releases: Laid, tmp_path: Path) -> None:
    """A file too many is a module that can still be imported."""
    layout = two_releases.layout
    assert two_releases.running_tree() == expected_tree(tmp_path, ONE)
    layout.switch("two")
    assert layout.current() == "two"
    assert two_releases.running_tree() == expected_tree(tmp_path, TWO)
    assert two_releases.running_environment() == "two"
    layout.switch("one")
    layout.switch("one")
    assert two_releases.running_tree() == expected_tree(tmp_path, ONE)
    assert two_releases.running_environment() == "one"


def test_what_is_shared_is_the_same_in_every_release(two_releases: Laid) -> None:
    """What the application writes must survive switches in both directions."""
    layout = two_releases.layout
    (layout.running_path / "media" / "photo.jpg").write_text("pixels")
    (layout.running_path / ".env").write_text("KEY=1")
    layout.switch("two")
    assert (layout.running_path / "media" / "photo.jpg").read_text() == "pixels"
    assert (layout.path_of("one") / ".env").read_text() == "KEY=1"
    assert (layout.path_of("two") / ".env").read_text() == "KEY=1"


def test_a_link_to_what_is_shared_is_relative(two_releases: Laid) -> None:
    """A root that is moved or mounted elsewhere must still work."""
    for name in SHARED:
        link = two_releases.layout.path_of("one") / name.rstrip("/")
        assert not link.readlink().is_absolute()


def test_code_that_brings_a_shared_name_is_refused(laid: Laid) -> None:
    """Either the code's file or the data would be lost silently."""
    write_tree(laid.layout.path_of("one"), {**ONE, "media/photo.jpg": "committed"})
    with pytest.raises(ParomError, match=r"layout\.shared-in-code.*media"):
        laid.layout.link_shared("one")
    assert not (laid.layout.path_of("one") / ".env").is_symlink()


def test_a_folder_that_only_keeps_the_place_is_replaced(laid: Laid) -> None:
    """Git cannot hold an empty folder, so that projects commit `media/.gitkeep`."""
    laid.add("one", {**ONE, "media/.gitkeep": ""})
    assert (laid.layout.path_of("one") / "media").is_symlink()


@pytest.mark.parametrize("name", ["/etc/passwd", "../other", ""])
def test_a_shared_name_outside_the_release_is_refused(laid: Laid, name: str) -> None:
    """A link out of the installation is a mistake in the configuration."""
    layouts: dict[str, Callable[[], Layout]] = {
        "in-place": lambda: InPlaceLayout(laid.root, laid.root / ".parom", [name]),
        "releases": lambda: ReleasesLayout(laid.root, [name]),
    }
    with pytest.raises(ParomError, match=r"layout\.bad-shared-name"):
        layouts[laid.kind]()


@pytest.mark.parametrize("name", ["..", "a/b", "", ".hidden", "one.partial"])
def test_an_id_that_is_no_plain_name_is_refused(laid: Laid, name: str) -> None:
    """Ids become folder names."""
    with pytest.raises(ParomError, match=r"layout\.bad-release-id"):
        laid.layout.path_of(name)


def test_only_complete_releases_count(laid: Laid) -> None:
    """A release whose preparation was killed must never be switched to."""
    laid.add("one", ONE)
    write_tree(laid.layout.path_of("half"), TWO)
    write_tree(laid.layout.path_of("one").with_name("x.partial"), TWO)
    assert [release.id for release in laid.layout.releases()] == ["one"]
    assert {path.name for path in laid.layout.debris()} == {"half", "x.partial"}
    with pytest.raises(ParomError, match=r"layout\.unknown-release"):
        laid.layout.switch("half")


def test_releases_come_oldest_first_as_recorded(laid: Laid) -> None:
    """Retention deletes from the front."""
    laid.add("b", ONE, minute=1)
    laid.add("a", TWO, minute=2)
    assert [release.id for release in laid.layout.releases()] == ["b", "a"]
    assert laid.layout.releases()[0] == Release(
        "b", "a test", "b", laid.layout.releases()[0].created
    )


def test_the_current_release_is_not_removed(two_releases: Laid) -> None:
    """What runs must stay."""
    with pytest.raises(ParomError, match=r"layout\.current-release"):
        two_releases.layout.remove("one")
    two_releases.layout.remove("two")
    two_releases.layout.remove("two")
    assert [release.id for release in two_releases.layout.releases()] == ["one"]
    assert two_releases.layout.debris() == ()


def test_adopting_a_release_that_runs_changes_nothing(two_releases: Laid) -> None:
    """Every deployment asks; only the first has something to keep."""
    before = read_tree(two_releases.root, without=())
    assert two_releases.layout.adopt_running(NOW).id == "one"
    assert read_tree(two_releases.root, without=()) == before


@pytest.mark.parametrize("back", [False, True], ids=["finished", "taken back"])
def test_a_switch_killed_anywhere_is_finished_or_taken_back(
    two_releases: Laid, tmp_path: Path, back: bool
) -> None:
    """R-13.1: a kill between any two changes leaves a state from which both ways lead out."""
    laid, target = two_releases, "one" if back else "two"
    (laid.root / "not_ours.txt").write_text("a person's")
    wanted = expected_tree(tmp_path, ONE if back else TWO)
    if laid.kind == "in-place":
        wanted["not_ours.txt"] = "644 a person's"
    change = 0
    killed = True
    while killed:
        change += 1
        killed = killed_at(change, lambda: laid.layout.switch("two"))
        laid.layout.switch(target)
        assert laid.running_tree() == wanted, f"killed at change {change}"
        assert laid.running_environment() == target
        assert laid.layout.current() == target
        laid.layout.switch("one")
    assert change > 2


def test_a_removal_killed_anywhere_is_finished_by_repeating(two_releases: Laid) -> None:
    """Retention is killed as well; a half deleted release must not look whole."""
    layout = two_releases.layout
    change = 0
    killed = True
    while killed:
        if not layout.path_of("two").exists():
            two_releases.add("two", TWO)
        change += 1
        killed = killed_at(change, lambda: layout.remove("two"))
        layout.remove("two")
        assert [release.id for release in layout.releases()] == ["one"]
        assert layout.debris() == ()


def test_linking_killed_anywhere_is_finished_by_repeating(laid: Laid) -> None:
    """Preparation is killed most often of all, as it takes longest."""
    change = 0
    killed = True
    while killed:
        change += 1
        release_id = f"release-{change}"
        write_tree(laid.layout.path_of(release_id), {**ONE, "media/.gitkeep": ""})
        killed = killed_at(change, lambda name=release_id: laid.layout.link_shared(name))  # type: ignore[misc]
        laid.layout.link_shared(release_id)
        assert (laid.layout.path_of(release_id) / "media").is_dir()
        assert (laid.layout.path_of(release_id) / ".env").is_symlink()
