"""A git repository as a source: real repositories, the real git."""

from __future__ import annotations

from pathlib import Path

import pytest

from parom.adapters.hosts.local import LocalHost
from parom.adapters.sources.git import GitSource
from parom.errors import ParomError
from tests.adapters.layouts.trees import read_tree, write_tree
from tests.adapters.sources.conftest import Repository

CODE = {"manage.py": "x\n", "app/views.py": "y\n", "run.sh*": "#!/bin/sh\n", "link": "-> manage.py"}


def source_of(repository: Repository, tmp_path: Path, subfolder: str = "") -> GitSource:
    return GitSource(
        str(repository.path), subfolder, LocalHost(), tmp_path / "cache" / "source.git"
    )


def test_branches_tags_and_commits_mean_their_commit(
    repository: Repository, tmp_path: Path
) -> None:
    """Each way in which a team names what it deploys."""
    first = repository.commit(CODE)
    repository.git("tag", "--annotate", "--message", "release", "v1.0")
    repository.git("branch", "feature/salary")
    second = repository.commit({"manage.py": "changed\n"})
    source = source_of(repository, tmp_path)
    meanings = {
        "main": second,
        "": second,
        "HEAD": second,
        "origin/main": second,
        "refs/heads/main": second,
        "v1.0": first,
        "feature/salary": first,
        first: first,
        first[:8]: first,
    }
    for ref, commit in meanings.items():
        assert source.resolve(ref).revision == commit, ref
    assert source.resolve("v1.0").label == first[:7]
    assert source.resolve("v1.0").described == f"{repository.path} v1.0"


def test_what_was_pushed_since_is_seen(repository: Repository, tmp_path: Path) -> None:
    """The mirror must never be what is deployed from when the repository knows better."""
    repository.commit(CODE)
    source = source_of(repository, tmp_path)
    source.resolve("main")
    repository.git("branch", "old")
    source.resolve("old")
    repository.git("branch", "--delete", "old")
    repository.git("commit", "--quiet", "--amend", "--message", "rewritten")
    assert source.resolve("main").revision == repository.git("rev-parse", "HEAD")
    with pytest.raises(ParomError, match=r"source\.unknown-ref"):
        source.resolve("old")


def test_the_tree_arrives_with_its_modes_and_links(repository: Repository, tmp_path: Path) -> None:
    """And with nothing else: no .git, no uncommitted file."""
    commit = repository.commit(CODE)
    write_tree(repository.path, {"uncommitted.py": "not deployed"})
    source = source_of(repository, tmp_path)
    revision = source.resolve("main")
    repository.commit({"manage.py": "moved on since"})
    source.fetch(revision, tmp_path / "to")
    write_tree(tmp_path / "model", CODE)
    assert read_tree(tmp_path / "to") == read_tree(tmp_path / "model")
    assert revision.revision == commit
    assert not list(tmp_path.glob("to.*"))


def test_a_fetch_that_was_killed_is_repeated(repository: Repository, tmp_path: Path) -> None:
    """Its half written folder, and git's own lock files, must not need a person."""
    repository.commit(CODE)
    source = source_of(repository, tmp_path)
    revision = source.resolve("main")
    write_tree(tmp_path / "to.partial", {"half": "written"})
    cache = tmp_path / "cache" / "source.git"
    for name in ("packed-refs.lock", "refs/heads/main.lock", "config.lock", "HEAD.lock"):
        (cache / name).write_text("")
    (cache / "config").write_text("[half")
    commit = repository.commit({"manage.py": "new\n"})
    assert source.resolve("main").revision == commit
    source.fetch(revision, tmp_path / "to")
    assert (tmp_path / "to" / "manage.py").read_text() == "x\n"
    assert not (tmp_path / "to" / "half").exists()


def test_a_known_commit_needs_no_repository(repository: Repository, tmp_path: Path) -> None:
    """A run that is resumed while the repository is down can go on."""
    commit = repository.commit(CODE)
    source = source_of(repository, tmp_path)
    source.resolve("main")
    repository.path.rename(tmp_path / "elsewhere")
    source.fetch(source.resolve(commit), tmp_path / "to")
    assert (tmp_path / "to" / "manage.py").exists()


def test_a_commit_outside_every_branch_is_fetched_by_its_name(
    repository: Repository, tmp_path: Path
) -> None:
    """Pull requests and force-pushed commits are deployed by commit."""
    repository.git("config", "uploadpack.allowAnySHA1InWant", "true")
    repository.commit(CODE)
    commit = repository.commit({"manage.py": "left\n"})
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    source = source_of(repository, tmp_path)
    assert source.resolve(commit).revision == commit


def test_a_subfolder_is_a_release_of_its_own(repository: Repository, tmp_path: Path) -> None:
    """Many projects keep their backend beside other things."""
    repository.commit({f"backend/{name}": content for name, content in CODE.items()})
    source = source_of(repository, tmp_path, "backend/")
    source.fetch(source.resolve("main"), tmp_path / "to")
    assert (tmp_path / "to" / "manage.py").exists()
    missing = source_of(repository, tmp_path, "frontend")
    with pytest.raises(ParomError, match=r"source\.no-folder.*frontend"):
        missing.fetch(missing.resolve("main"), tmp_path / "other")


def test_an_unknown_ref_names_what_is_near(repository: Repository, tmp_path: Path) -> None:
    """Most unknown refs are typing errors."""
    repository.commit(CODE)
    repository.git("branch", "release-2026")
    with pytest.raises(ParomError, match=r"source\.unknown-ref.*Did you mean release-2026"):
        source_of(repository, tmp_path).resolve("relaese-2026")


@pytest.mark.parametrize(
    "ref",
    ["--upload-pack=touch hacked", "-h", "--all", "@{-1}", "main:manage.py", "a b", "..", "x\0y"],
)
def test_a_ref_is_never_taken_for_anything_else(
    repository: Repository, tmp_path: Path, ref: str
) -> None:
    """Refs come from people, and from automation that passes on what others wrote."""
    repository.commit(CODE)
    with pytest.raises(ParomError, match=r"source\.unknown-ref"):
        source_of(repository, tmp_path).resolve(ref)


@pytest.mark.parametrize("location", ["--upload-pack=touch hacked", "", "a\nb"])
def test_a_location_is_never_taken_for_an_option(tmp_path: Path, location: str) -> None:
    """`git fetch --upload-pack=...` runs a command."""
    with pytest.raises(ParomError, match=r"source\.bad-location"):
        GitSource(location, "", LocalHost(), tmp_path / "cache")


def test_a_repository_that_does_not_answer_can_be_retried_without_its_password(
    tmp_path: Path,
) -> None:
    """The password of a URL must not reach a screen or the journal."""
    location = "http://someone:hunter2@127.0.0.1:1/x.git"
    source = GitSource(location, "", LocalHost(), tmp_path / "cache")
    with pytest.raises(ParomError, match=r"source\.unreachable") as caught:
        source.resolve("main")
    assert caught.value.can_retry
    assert "hunter2" not in str(caught.value)
    assert (tmp_path / "cache" / "config").stat().st_mode & 0o077 == 0


def test_submodules_are_refused_by_name(repository: Repository, tmp_path: Path) -> None:
    """An archive would silently have an empty folder in their place."""
    commit = repository.commit(CODE)
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{commit},libs/other")
    repository.git("commit", "--quiet", "--message", "a submodule")
    source = source_of(repository, tmp_path)
    with pytest.raises(ParomError, match=r"source\.submodules.*libs/other"):
        source.fetch(source.resolve("main"), tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_a_link_out_of_the_release_is_refused(repository: Repository, tmp_path: Path) -> None:
    """Whoever can commit must not read the server's files through the web server."""
    repository.commit({**CODE, "static/leak": "-> ../../../etc/passwd"})
    source = source_of(repository, tmp_path)
    with pytest.raises(ParomError, match=r"source\.unsafe-archive.*static/leak"):
        source.fetch(source.resolve("main"), tmp_path / "to")
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize("name", [".parom-release.json", ".parom/databases/x", ".venv/bin/python"])
def test_what_parom_itself_writes_never_comes_with_the_code(
    repository: Repository, tmp_path: Path, name: str
) -> None:
    """A record in the repository made a tree count as complete that was never built."""
    repository.commit({**CODE, name: "{}"})
    source = source_of(repository, tmp_path)
    with pytest.raises(ParomError, match=r"source\.reserved-name"):
        source.fetch(source.resolve("main"), tmp_path / "to")
    assert not (tmp_path / "to").exists()
    below = source_of(repository, tmp_path, "app")
    below.fetch(below.resolve("main"), tmp_path / "below")
