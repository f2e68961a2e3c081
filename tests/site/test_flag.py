"""The flag file, as the application looks at it on every request."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from parom_site.bypass import LONGEST_S, is_valid, sign
from parom_site.flag import Flag, says_on


@pytest.mark.parametrize(
    ("content", "on"),
    [
        (b"SYSTEM_MAINTENANCE=true\n", True),
        (b"# ours\nOTHER=1\n SYSTEM_MAINTENANCE = 'True'\n", True),
        (b"SYSTEM_MAINTENANCE=1", True),
        (b"SYSTEM_MAINTENANCE=false\n", False),
        (b"SYSTEM_MAINTENANCE=\n", False),
        (b"", False),
        (b"NOT_SYSTEM_MAINTENANCE=true\n", False),
        (b"\xff\xfe", False),
    ],
)
def test_the_file_is_on_while_it_says_so(content: bytes, on: bool) -> None:
    """The team writes it by hand, too."""
    assert says_on(content) is on


def test_a_change_is_seen_at_once(tmp_path: Path) -> None:
    """Without a restart: one look at the file a request."""
    file = tmp_path / ".env.maintenance"
    flag = Flag(file)
    assert not flag.is_on()
    for number, text in enumerate(["true", "false", "true"]):
        new = tmp_path / "new"
        new.write_text(f"SYSTEM_MAINTENANCE={text}\n")
        os.utime(new, ns=(number, number))
        new.replace(file)
        assert flag.is_on() is (text == "true")
    file.unlink()
    assert not flag.is_on()


def test_what_cannot_be_read_keeps_the_public_out(tmp_path: Path) -> None:
    """Writing by mistake costs more than a page by mistake."""
    folder = tmp_path / ".env.maintenance"
    folder.mkdir()
    assert Flag(folder).is_on()


def test_a_pass_is_valid_only_as_it_was_signed(tmp_path: Path) -> None:
    """It opens production to whoever has it."""
    key, file = b"k" * 64, tmp_path / "key"
    file.write_bytes(key)
    given = sign(key, 60)
    expires, nonce, mac = given.split(".")
    assert is_valid(given, file)
    refused = [
        sign(key, -1),
        sign(key, LONGEST_S + 60),
        sign(b"o" * 64, 60),
        f"{int(expires) + 1}.{nonce}.{mac}",
        f"{expires}.{nonce}0.{mac}",
        f"{expires}.{nonce}",
        "x.y.z",
        "",
    ]
    assert [one for one in refused if is_valid(one, file)] == []
    assert not is_valid(given, tmp_path / "absent")
    file.write_bytes(b"short")
    assert not is_valid(sign(b"short", 60), file)
