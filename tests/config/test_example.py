"""The commented example is manual, template and fixture at once."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from parom.config.example import Setting, entries, example, filled
from parom.config.model import Config
from parom.config.reading import read
from parom.config.reference import reference

REPOSITORY = Path(__file__).parents[2]


def _fields() -> dict[tuple[str, str], Any]:
    """Every key of the model with its default."""
    found = {}
    for table, field in Config.model_fields.items():
        model = field.annotation
        assert isinstance(model, type)
        assert issubclass(model, BaseModel)
        for key, inner in model.model_fields.items():
            found[table, key] = inner.default
    return found


def test_example_is_a_valid_configuration(tmp_path: Path) -> None:
    """Whoever copies it starts from something that works."""
    file = tmp_path / "parom.toml"
    file.write_text(example(), encoding="utf-8")
    assert read(file).project.name == "notes"


def test_example_has_every_key_and_no_other() -> None:
    """A key that is not in it is a key that nobody finds."""
    shown = [(entry.table, entry.key) for entry in entries()]
    assert sorted(shown) == sorted(_fields())


def test_shown_defaults_are_the_real_ones() -> None:
    """A wrong default in the manual is believed."""
    defaults = _fields()
    for entry in entries():
        shown = tomllib.loads(f"value = {entry.shown}")["value"]
        default = defaults[entry.table, entry.key]
        if entry.is_required:
            assert default is PydanticUndefined, entry
        else:
            assert shown == _plain(default), entry


def _plain(value: Any) -> Any:
    """As TOML has it."""
    match value:
        case tuple():
            return list(value)
        case dict():
            return {key: _plain(one) for key, one in value.items()}
    return value


def test_every_key_says_what_it_means() -> None:
    """Two words would repeat the name."""
    assert [entry for entry in entries() if len(entry.meaning.split()) < 6] == []


def test_unset_keys_can_be_uncommented(tmp_path: Path) -> None:
    """Taking the mark away is how the file says it is edited."""
    file = tmp_path / "parom.toml"
    file.write_text(re.sub(r"(?m)^#(?=[a-z_]+ = )", "", example()), encoding="utf-8")
    assert read(file).watch.seconds == 1800


def test_filled_example_holds_what_it_was_given(tmp_path: Path) -> None:
    """Values with quotes, backslashes and other scripts come back as they were."""
    odd = 'a "b" \\ паром \x7f\t'
    required = {(one.table, one.key): Setting(tomllib.loads(f"v = {one.shown}")["v"])
                for one in entries() if one.is_required}  # fmt: skip
    text = filled(
        {
            **required,
            ("source", "ref"): Setting(odd, ("found somewhere",)),
            ("release", "keep"): Setting(7, ("more?",), decide=True),
        },
        head="Written by hand.",
    )
    data = tomllib.loads(text)
    assert data["source"]["ref"] == odd
    assert data["release"] == {"keep": 7}
    assert text.startswith("# Written by hand.\n")
    assert "# -> found somewhere\nref = " in text
    assert "# DECIDE: more?\nkeep = 7" in text


def test_reference_page_is_the_example() -> None:
    """`python -m parom.config.reference > docs/reference/configuration.md` renews it."""
    page = (REPOSITORY / "docs/reference/configuration.md").read_text("utf-8")
    assert page == reference()


@pytest.mark.parametrize("key", ["recipients", "headers_file", "environment_file"])
def test_secrets_have_no_place_in_the_example(key: str) -> None:
    """Only names of files and public keys: the file is committed."""
    (entry,) = [one for one in entries() if one.key == key]
    assert "SECRET" not in entry.shown
