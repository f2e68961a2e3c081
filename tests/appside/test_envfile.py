"""The file that services and checks read must mean the same as in a shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from parom.appside.envfile import read_env_file


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A=1\n\nB = two words \n", {"A": "1", "B": "two words"}),
        ("# A=1\n  # B=2\nC=3", {"C": "3"}),
        ("export A=1", {"A": "1"}),
        ("A=one # why\nB=#none\nC=a#b", {"A": "one", "B": "", "C": "a#b"}),
        ("A=\"x # y\" # why\nB='z'# why", {"A": "x # y", "B": "z"}),
        ('A="say \\"hi\\" for \\$5"', {"A": 'say "hi" for $5'}),
        (r"A='\"raw\"'", {"A": r"\"raw\""}),
        ("A=\nB=", {"A": "", "B": ""}),
        ("A=b=c==", {"A": "b=c=="}),
        ('A="one\ntwo=2"\nB=3', {"A": "one\ntwo=2", "B": "3"}),
        ('A="open\nB="shut"\n', {"A": '"open', "B": "shut"}),
        ("A=1\r\nB='2'\r\n", {"A": "1", "B": "2"}),
        ("\ufeffA=1", {"A": "1"}),
        ("1A=1\nA B=2\nnothing\n", {}),
        ("A=$(reboot)\nB=$HOME", {"A": "$(reboot)", "B": "$HOME"}),
    ],
)
def test_values_are_read_as_a_shell_would(tmp_path: Path, text: str, found: dict[str, str]) -> None:
    """Another reading here would start services with other settings than by hand."""
    file = tmp_path / ".env"
    file.write_bytes(text.encode())
    assert read_env_file(file) == found


def test_bytes_that_are_not_text_reach_the_application(tmp_path: Path) -> None:
    """An environment is bytes; a file in another encoding is no reason to refuse."""
    file = tmp_path / ".env"
    file.write_bytes(b"NAME=caf\xe9\n")
    assert read_env_file(file)["NAME"].encode("utf-8", "surrogateescape") == b"caf\xe9"
