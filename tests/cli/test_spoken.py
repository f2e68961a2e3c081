"""R-8.4: screens speak the language of the configuration, or of the person before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from parom.cli.spoken import language_of
from parom.words.language import Language

EN, RU = Language.ENGLISH, Language.RUSSIAN


@pytest.mark.parametrize(
    ("text", "environment", "language"),
    [
        ('[project]\nlanguage = "ru"\n', {}, RU),
        ('[project]\nlanguage = "ru"\n', {"PAROM_LANGUAGE": "en"}, EN),
        ('[project]\nname = "x"\n', {"PAROM_LANGUAGE": "ru"}, RU),
        ('[project]\nname = "x"\n', {"LANG": "ru_RU.UTF-8"}, EN),
        ('[project]\nlanguage = "ru"\n', {"PAROM_LANGUAGE": "klingon"}, RU),
        ('[project]\nlanguage = "klingon"\n', {}, EN),
        ("no toml at all", {"LANG": "ru_RU.UTF-8"}, EN),
        (None, {"LANG": "ru_RU.UTF-8"}, RU),
        (None, {"LANG": "ru_RU.UTF-8", "LC_ALL": "C.UTF-8"}, EN),
        (None, {}, EN),
    ],
)
def test_the_language_is_that_of_the_person_the_configuration_or_the_shell(
    text: str | None, environment: dict[str, str], language: Language, tmp_path: Path
) -> None:
    """The shell counts where there is no configuration: scripts compare what they read."""
    config = tmp_path / "parom.toml"
    if text is not None:
        config.write_text(text, "utf-8")
    assert language_of(config, environment) == language
