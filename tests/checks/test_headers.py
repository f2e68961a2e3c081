"""The file with tokens for checks."""

from __future__ import annotations

from pathlib import Path

import pytest

from parom.checks.headers import read_headers, write_headers
from parom.errors import ParomError


def written(tmp_path: Path, data: bytes, mode: int = 0o600) -> Path:
    file = tmp_path / "headers"
    file.write_bytes(data)
    file.chmod(mode)
    return file


def test_headers_are_read_with_comments_skipped(tmp_path: Path) -> None:
    """A value may have colons; a token often has."""
    data = b"# for checks\nAuthorization: Bearer a:b:c \r\n\nX-Empty:\n"
    assert read_headers(written(tmp_path, data)) == {
        "Authorization": "Bearer a:b:c",
        "X-Empty": "",
    }


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    """A token that the whole machine can read is no secret."""
    with pytest.raises(ParomError) as caught:
        read_headers(written(tmp_path, b"A: b\n", mode))
    assert caught.value.id == "checks.headers-file"
    assert "chmod 600" in caught.value.fact


@pytest.mark.parametrize(
    "line",
    [
        b"hush-hush",
        b"A B: hush-hush",
        b": hush-hush",
        "A: hush-hush-\u0436".encode(),
        b"A: hush\x00",
    ],
)
def test_a_line_that_is_no_header_is_named_by_number_only(tmp_path: Path, line: bytes) -> None:
    """R-10.3: the line is a secret, and the client's own error would quote it."""
    with pytest.raises(ParomError) as caught:
        read_headers(written(tmp_path, b"Fine: yes\n" + line))
    assert "line 2" in caught.value.fact
    assert "hush" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Without the headers every check would fail for another reason."""
    with pytest.raises(ParomError) as caught:
        read_headers(tmp_path / "absent")
    assert str(tmp_path / "absent") in caught.value.fact


def test_what_is_written_is_read_again_by_its_owner_alone(tmp_path: Path) -> None:
    """One format for the operator's file and for ours."""
    headers = {"Authorization": "Bearer a:b", "X-Empty": ""}
    write_headers(tmp_path / "headers", headers)
    assert read_headers(tmp_path / "headers") == headers
