"""The age program and pyrage open what the other wrote; what is proven is what is stored."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, Self

import pyrage
import pytest
import zstandard

from parom.adapters.vaults import program, sealing
from parom.adapters.vaults.cipher import DamagedError
from parom.adapters.vaults.sealing import seal, unseal
from parom.adapters.vaults.stages import Stage
from parom.facts import BackupPart
from tests.adapters.vaults.conftest import take_way


def sealed(
    tmp_path: Path,
    key: pyrage.x25519.Identity,
    *,
    still: bool = False,
    told: Callable[[int], None] = lambda _count: None,
) -> BackupPart:
    (tmp_path / "in").write_bytes(b"a row\n" * 500_000 + os.urandom(3 << 20))
    return seal(
        "code",
        [("in", tmp_path / "in")],
        tmp_path,
        [key.to_public()],
        None if still else tmp_path / "restored",
        told,
        lambda: None,
    )


@pytest.mark.parametrize(("writes", "reads"), [("age", "pyrage"), ("pyrage", "age")])
def test_each_way_opens_what_the_other_wrote(tmp_path: Path, writes: str, reads: str) -> None:
    """The server that burned had the program; the one where backups are opened may not."""
    key = pyrage.x25519.Identity.generate()
    with pytest.MonkeyPatch.context() as monkeypatch:
        take_way(writes, monkeypatch)
        part = sealed(tmp_path, key)
    with pytest.MonkeyPatch.context() as monkeypatch:
        take_way(reads, monkeypatch)
        opened = unseal(tmp_path / part.file, [key], tmp_path / "out")
    assert (opened.members, opened.size) == (part.members, part.plain_bytes)
    for folder in ("restored", "out"):
        assert (tmp_path / folder / "in").read_bytes() == (tmp_path / "in").read_bytes()


@pytest.mark.usefixtures("way")
def test_the_check_sees_all_that_was_restored(tmp_path: Path) -> None:
    """It runs while the ciphertext is still on its way to the disk."""
    (tmp_path / "in").write_bytes(os.urandom(3 << 20))
    seen = []
    seal(
        "code",
        [("in", tmp_path / "in")],
        tmp_path,
        [pyrage.x25519.Identity.generate().to_public()],
        tmp_path / "restored",
        lambda _count: None,
        lambda: seen.append((tmp_path / "restored" / "in").read_bytes()),
    )
    assert seen == [(tmp_path / "in").read_bytes()]


@pytest.mark.usefixtures("way")
def test_what_lies_behind_the_archive_is_refused(tmp_path: Path) -> None:
    """The keys are public, so anybody can make such a part: `age` waited for a reader for good."""
    key = pyrage.x25519.Identity.generate()
    part = sealed(tmp_path, key)
    plain = pyrage.decrypt((tmp_path / part.file).read_bytes(), [key])
    forged = tmp_path / "forged"
    forged.write_bytes(pyrage.encrypt(plain + os.urandom(8 << 20), [key.to_public()]))
    with pytest.raises(zstandard.ZstdError):
        unseal(forged, [key], tmp_path / "out")


class Damaging(Stage):
    """Between age and the disk a bit falls over, as in a bad memory."""

    damage = ""
    between: ClassVar[list[Stage]] = []

    @classmethod
    def storing(
        cls, file: Path, proof: Sequence[str | Path], source: Stage, decrypting: Stage
    ) -> Self:
        script = f"import sys; data = bytearray(sys.stdin.buffer.read()); {cls.damage}; "
        script += "sys.stdout.buffer.write(data)"
        between = cls([sys.executable, "-c", script], stdin=source.output)
        cls.between.append(between)
        source.output.close()
        return super().storing(file, proof, between, decrypting)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("still", [False, True])
@pytest.mark.parametrize(
    "damage",
    ["data[len(data) // 2] ^= 1", "data[-1] ^= 1", "data[0] ^= 1", "del data[-1:]",
     "data += b'x'", "data.clear()"],
)  # fmt: skip
def test_what_was_stored_wrongly_is_not_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str, still: bool
) -> None:
    """R-2.3: the proof is of the bytes in the file, not of those that were meant to be there."""
    monkeypatch.setattr(Damaging, "damage", damage)
    monkeypatch.setattr(sealing, "Stage", Damaging)
    with pytest.raises(DamagedError):
        sealed(tmp_path, pyrage.x25519.Identity.generate(), still=still)
    with Damaging.between.pop():
        pass  # ended and waited for


@pytest.mark.usefixtures("way")
def test_a_file_that_is_written_behind_the_packing_is_not_verified(tmp_path: Path) -> None:
    """What was stored is then not what lies there, and was checked there."""
    passed = 0

    def told(count: int) -> None:
        nonlocal passed
        passed += count
        if passed > (tmp_path / "in").stat().st_size:  # its last bytes are not compressed yet
            os.truncate(tmp_path / "in", 6_000_000)
            os.truncate(tmp_path / "in", 6_145_728)

    with pytest.raises(DamagedError, match="went in"):
        sealed(tmp_path, pyrage.x25519.Identity.generate(), still=True, told=told)


@pytest.mark.usefixtures("way")
def test_a_cancelled_backup_leaves_no_process(tmp_path: Path) -> None:
    """`parom abort` in the middle of ten gigabytes must not leave them running."""
    (tmp_path / "in").write_bytes(os.urandom(8 << 20))

    def children() -> list[str]:
        return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()

    def cancelled(_count: int) -> None:
        raise KeyboardInterrupt

    before = set(children())  # what other tests left to be collected

    with pytest.raises(KeyboardInterrupt):
        seal(
            "code",
            [("in", tmp_path / "in")],
            tmp_path,
            [pyrage.x25519.Identity.generate().to_public()],
            tmp_path / "restored",
            cancelled,
            lambda: None,
        )
    assert set(children()) <= before


def a_program(folder: Path, text: str) -> Path:
    folder.mkdir()
    file = folder / "age"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize(
    ("text", "spoil", "taken"),
    [
        ("echo 1.1.1", lambda _file: None, True),
        ("echo v1.2.0", lambda _file: None, True),
        ("echo 2.0.0", lambda _file: None, False),
        ("echo '(unknown)'", lambda _file: None, False),
        ("exit 1", lambda _file: None, False),
        ("echo 1.1.1", lambda file: file.chmod(0o777), False),
        ("echo 1.1.1", lambda file: file.parent.chmod(0o777), False),
    ],
    ids=["known", "with a v", "newer", "unknown", "broken", "open to all", "in an open folder"],
)
def test_only_a_trusted_and_known_age_is_used(
    monkeypatch: pytest.MonkeyPatch, text: str, spoil: Callable[[Path], None], taken: bool
) -> None:
    """It is given the private key of a restore."""
    home = Path.home() / f".parom-test-{os.getpid()}-{time.monotonic_ns()}"
    try:
        file = a_program(home, text)
        spoil(file)
        monkeypatch.setenv("PATH", str(home))
        assert program.age_program() == (file if taken else None)
    finally:
        subprocess.run(["/bin/rm", "-rf", str(home)], check=True)


def test_a_program_that_breaks_is_replaced_when_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an emergency nobody wants to hear about a broken tool that is not needed."""
    key = pyrage.x25519.Identity.generate()
    part = sealed(tmp_path, key)
    broken = a_program(tmp_path / "bin", "exec head -c 1000")
    monkeypatch.setattr(sealing, "age_program", lambda: broken)
    assert unseal(tmp_path / part.file, [key], tmp_path / "out").size == part.plain_bytes
    assert (tmp_path / "out" / "in").read_bytes() == (tmp_path / "in").read_bytes()


def test_a_program_that_breaks_makes_no_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that only passes on what it is given would store everything in the clear."""
    for number, text in enumerate(["exec cat", "exec head -c 1000", "exit 1", "kill -9 $$"]):
        broken = a_program(tmp_path / f"bin{number}", text)
        monkeypatch.setattr(sealing, "age_program", lambda found=broken: found)
        with pytest.raises((DamagedError, OSError)):
            sealed(tmp_path, pyrage.x25519.Identity.generate())
        (tmp_path / "code.tar.zst.age").unlink(missing_ok=True)
