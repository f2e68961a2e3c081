"""What a vault on disk promises: damage is found, and what was interrupted does not count."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest

from parom.adapters.vaults import identity as identities
from parom.adapters.vaults import manifest as manifests
from parom.adapters.vaults.directory import DirectoryVault
from parom.adapters.vaults.program import age_program
from parom.adapters.vaults.sealing import unseal
from parom.adapters.vaults.stages import Stage
from parom.errors import ParomError
from tests.adapters.vaults.conftest import Backups, Key, a_key, a_manifest, accept

CODE, DATABASE = "code.tar.zst.age", "database.tar.zst.age"


def header_end(data: bytes) -> int:
    return data.index(b"\n--- ") + 1


def flip(position: Callable[[bytes], int]) -> Callable[[Path], None]:
    """Damage that changes one bit at a position of a stored part."""

    def damage(folder: Path) -> None:
        data = bytearray((folder / CODE).read_bytes())
        data[position(bytes(data))] ^= 1
        (folder / CODE).write_bytes(data)

    return damage


def cut(folder: Path) -> None:
    with (folder / CODE).open("r+b") as file:
        file.truncate((folder / CODE).stat().st_size - 1)


def append(folder: Path) -> None:
    with (folder / CODE).open("ab") as file:
        file.write(b"x")


def swap(folder: Path) -> None:
    (folder / CODE).rename(folder / "aside")
    (folder / DATABASE).rename(folder / CODE)
    (folder / "aside").rename(folder / DATABASE)


def edit_manifest(folder: Path) -> None:
    file = folder / manifests.NAME
    file.write_text(file.read_text().replace('"rows"', '"rowz"').replace('"r1"', '"r2"'))


def cut_manifest(folder: Path) -> None:
    with (folder / manifests.NAME).open("r+b") as file:
        file.truncate(200)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "first byte of the header": flip(lambda _data: 0),
    "a recipient's stanza": flip(lambda data: data.index(b"-> X25519") + 12),
    "the header's authentication": flip(lambda data: header_end(data) + 6),
    "first byte of the body": flip(lambda data: data.index(b"\n", header_end(data)) + 1),
    "middle of the body": flip(lambda data: (header_end(data) + len(data)) // 2),
    "last byte": flip(lambda data: len(data) - 1),
    "cut by a byte": cut,
    "emptied": lambda folder: (folder / CODE).write_bytes(b""),
    "a byte appended": append,
    "a part missing": lambda folder: (folder / CODE).unlink(),
    "two parts swapped": swap,
    "the manifest edited": edit_manifest,
    "the manifest cut": cut_manifest,
    "the manifest of another backup": lambda folder: folder.rename(folder.with_name("other")),
}


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Backups:
    """One backup that every damage gets a copy of."""
    top = tmp_path_factory.mktemp("pristine")
    key = a_key(top)
    made = Backups(DirectoryVault(top / "vault", (key.public,)), key, top)
    made.make()
    return made


@pytest.fixture
def copied(pristine: Backups, tmp_path: Path) -> Backups:
    shutil.copytree(pristine.top / "vault", tmp_path / "vault")
    vault = DirectoryVault(tmp_path / "vault", (pristine.key.public,))
    return Backups(vault, pristine.key, tmp_path)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_before_anything_is_restored(copied: Backups, damage: str) -> None:
    """Every class of bytes: what a disk can do to a backup must never reach a production."""
    DAMAGES[damage](copied.top / "vault" / "one")
    name = "other" if damage == "the manifest of another backup" else "one"
    out = copied.top / "out"
    calls: list[Callable[[], object]] = [
        lambda: copied.vault.verify(name, None),
        lambda: copied.vault.verify(name, copied.key.file),
        lambda: copied.vault.restore(name, copied.key.file, out),
    ]
    for call in calls:
        with pytest.raises(ParomError, match=r"vault\.damaged"):
            call()
    assert not any(out.rglob("*"))


def as_first_format(backups: Backups) -> Path:
    """Make of a backup what a Parom wrote that put the SHA-256 of each tar stream into it."""
    folder = backups.top / "vault" / "one"
    record = json.loads((folder / manifests.NAME).read_text())["manifest"]
    record["format"] = 1
    for part in record["parts"]:
        keys = identities.read(backups.key.file)
        opened = unseal(folder / part["file"], keys, None, with_sha256=True)
        part["plain_sha256"] = opened.sha256
    write_record(folder, record)
    return folder


def write_record(folder: Path, record: dict[str, Any]) -> None:
    manifests.write(folder, manifests._from_record(record))


@pytest.mark.usefixtures("way")
def test_a_backup_of_the_first_format_is_listed_verified_and_restored(copied: Backups) -> None:
    """The backups of last month must open after Parom itself is updated."""
    as_first_format(copied)
    assert [(one.id, one.format) for one in copied.vault.list()] == [("one", 1)]
    assert copied.vault.verify("one", copied.key.file).format == 1
    copied.vault.restore("one", copied.key.file, copied.top / "out")
    restored = copied.top / "out" / "database" / "database.sqlite3"
    assert restored.read_bytes() == b"rows" * 50_000


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    "how", ["the ciphertext of another part", "another size", "another plaintext hash"]
)
def test_a_plaintext_that_is_not_that_of_the_manifest_is_found(copied: Backups, how: str) -> None:
    """Who writes the vault can write manifests; what is in a part must be what went in."""
    folder = copied.top / "vault" / "one"
    if how == "another plaintext hash":
        as_first_format(copied)
    record = json.loads((folder / manifests.NAME).read_text())["manifest"]
    code, database = record["parts"]
    if how == "another plaintext hash":
        code["plain_sha256"] = database["plain_sha256"]
    elif how == "another size":
        code["plain_bytes"] += 512
    else:
        for name in ("file", "cipher_bytes", "cipher_sha256"):
            code[name] = database[name]
    write_record(folder, record)
    copied.vault.verify("one", None)
    with pytest.raises(ParomError, match=r"vault\.damaged"):
        copied.vault.verify("one", copied.key.file)
    with pytest.raises(ParomError, match=r"vault\.damaged"):
        copied.vault.restore("one", copied.key.file, copied.top / "out")
    assert not (copied.top / "out" / "code").exists()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_manifest_of_another_format_than_it_says_is_damaged(copied: Backups, number: int) -> None:
    """A first format without its hashes would be a backup of which less is proven than it says."""
    folder = copied.top / "vault" / "one"
    if number == 2:
        as_first_format(copied)
    record = json.loads((folder / manifests.NAME).read_text())["manifest"]
    write_record(folder, {**record, "format": number})
    with pytest.raises(ParomError, match=r"vault\.damaged.*format"):
        copied.vault.verify("one", copied.key.file)


def test_each_of_several_recipients_opens_a_backup(tmp_path: Path) -> None:
    """A key that leaves the company must not be the only one."""
    keys = [a_key(tmp_path, f"{number}.txt") for number in range(3)]
    vault = DirectoryVault(tmp_path / "vault", tuple(one.public for one in keys))
    Backups(vault, keys[0], tmp_path).make()
    for one in keys:
        assert vault.verify("one", one.file).verified


def test_the_key_of_the_verification_is_not_kept(pristine: Backups) -> None:
    """R-2.2: nothing on the server opens its backups: what is stored has one more stanza, and
    no identity in it or beside it."""
    data = (pristine.top / "vault" / "one" / CODE).read_bytes()
    assert data[: header_end(data)].count(b"-> X25519") == 2
    stored = b"".join(path.read_bytes() for path in (pristine.top / "vault" / "one").iterdir())
    assert b"AGE-SECRET-KEY" not in stored
    assert b"a note" not in stored


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, r"vault\.identity-missing"),
        (b"", r"vault\.identity-bad.*empty"),
        (b"AGE-SECRET-KEY-1NOTONE\n", r"vault\.identity-bad.*no identity"),
        (b"age-encryption.org/v1\n-> scrypt", r"vault\.identity-bad.*passphrase"),
        (b"\xff\xfe\x00", r"vault\.identity-bad"),
    ],
    ids=["missing", "empty", "broken", "encrypted", "binary"],
)
def test_what_is_no_identity_is_named(
    pristine: Backups, tmp_path: Path, content: bytes | None, why: str
) -> None:
    """With what is wrong with it, and never with what is in it."""
    file = tmp_path / "key.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ParomError, match=why) as raised:
        pristine.vault.verify("one", file)
    assert "NOTONE" not in str(raised.value)


@pytest.mark.parametrize("recipients", [(), ("age1wrong",)])
def test_nothing_is_written_without_a_key(tmp_path: Path, recipients: tuple[str, ...]) -> None:
    """R-2.2: there is no way to an unencrypted backup."""
    vault = DirectoryVault(tmp_path / "vault", recipients)
    with pytest.raises(ParomError, match=r"vault\.(no-recipients|bad-recipient)"):
        vault.create(a_manifest("one"), {}, accept, tmp_path / "scratch")
    assert not (tmp_path / "vault").exists()


def test_only_its_owner_reads_a_vault(pristine: Backups) -> None:
    """Ciphertext, but whoever copies it has all the time of the world."""
    vault = pristine.top / "vault"
    for path in (vault, vault / "one"):
        assert path.stat().st_mode & 0o777 == 0o700
    for path in (vault / "one").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600


FULL = """
    import resource, signal, sys
    from pathlib import Path
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    from parom.adapters.vaults.directory import DirectoryVault
    from parom.errors import ParomError
    from tests.adapters.vaults.conftest import a_manifest, accept
    top = Path(sys.argv[1])
    vault = DirectoryVault(top / "vault", (sys.argv[2],))
    part = {"database": [("database.sqlite3", top / "noise")]}
    try:
        vault.create(a_manifest("two"), part, accept, top / "scratch")
    except (ParomError, OSError) as problem:
        print(problem)
        sys.exit(3)
"""


@pytest.mark.usefixtures("way")
def test_a_write_that_fails_leaves_no_backup(tmp_path: Path, key: Key) -> None:
    """A full disk is when people look for backups; half a one must not be among them.

    A limit on the size of files stands in for the full disk: it fails the same write.
    """
    (tmp_path / "noise").write_bytes(os.urandom(1 << 20))
    argv = [sys.executable, "-c", textwrap.dedent(FULL), str(tmp_path), key.public]
    ran = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert ran.returncode == 3, ran.stderr
    assert os.strerror(errno.EFBIG) in ran.stdout
    assert list((tmp_path / "vault").iterdir()) == []


KILLED = """
    import sys, threading
    from pathlib import Path
    from parom.adapters.vaults.directory import DirectoryVault
    from tests.adapters.vaults.conftest import a_manifest, accept
    top, until = Path(sys.argv[1]), int(sys.argv[3])
    vault = DirectoryVault(top / "vault", (sys.argv[2],))
    part = {"code": [("noise", top / "noise")], "database": [("noise", top / "noise")]}
    def stay(done, _total):
        if done > until:
            print("there", flush=True)
            threading.Event().wait()
    vault.create(a_manifest("two"), part, accept, top / "scratch", stay)
"""
NOISE_BYTES = 20 << 20


@pytest.mark.parametrize(
    ("file", "until"), [(CODE, NOISE_BYTES // 2), (DATABASE, NOISE_BYTES * 3 // 2)]
)
def test_a_killed_backup_does_not_count(tmp_path: Path, key: Key, file: str, until: int) -> None:
    """R-13.1: kill -9 at any moment; what was begun is no backup, and the next one works."""
    (tmp_path / "noise").write_bytes(os.urandom(NOISE_BYTES))
    argv = [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path), key.public, str(until)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"there\n"
        process.send_signal(signal.SIGKILL)
    assert (tmp_path / "vault" / ".partial-two" / file).exists()
    vault = DirectoryVault(tmp_path / "vault", (key.public,))
    assert vault.list() == ()
    made = vault.create(
        a_manifest("two"), {"code": [("noise", tmp_path / "noise")]}, accept, tmp_path / "other"
    )
    assert vault.list() == (made,)
    assert [path.name for path in (tmp_path / "vault").iterdir()] == ["two"]


def test_a_vault_on_another_file_system_works(key: Key, tmp_path: Path) -> None:
    """Another disk is what a vault should be on; renames must not cross over to it."""
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system to write to")
    folder = other / f"parom-test-{os.getpid()}"
    try:
        made = Backups(DirectoryVault(folder, (key.public,)), key, tmp_path)
        made.make()
        made.vault.restore("one", key.file, tmp_path / "out")
        assert (tmp_path / "out" / "code" / "tree" / "run.sh").exists()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_a_vault_that_may_not_be_written_is_said_so(tmp_path: Path, key: Key) -> None:
    """A mount that is missing is the usual reason; a traceback would hide it."""
    (tmp_path / "vault").write_text("a file where the folder should be")
    backups = Backups(DirectoryVault(tmp_path / "vault", (key.public,)), key, tmp_path)
    with pytest.raises(ParomError, match=r"vault\.not-writable"):
        backups.make()


@pytest.mark.usefixtures("way")
def test_secrets_are_not_in_the_arguments_of_the_stages(tmp_path: Path) -> None:
    """R-10.3: everybody on the machine can read arguments."""
    secret = pyrage.x25519.Identity.generate()
    (tmp_path / "file").write_bytes(pyrage.encrypt(b"x" * 5_000_000, [secret.to_public()]))
    with (
        (tmp_path / "file").open("rb") as source,
        Stage.decrypting(age_program(), [secret], source) as stage,
    ):
        assert stage.output.read(1) == b"x"  # it works, and waits for its reader
        arguments = Path(f"/proc/{stage._process.pid}/cmdline").read_bytes()
        environment = Path(f"/proc/{stage._process.pid}/environ").read_bytes()
    assert b"SECRET" not in arguments + environment
