"""A folder of wheels made from what is installed, so that installing needs no network.

The same packages in the same versions as those that run the tests, zipped again.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

_NOT_OF_A_WHEEL = ("INSTALLER", "REQUESTED", "direct_url.json", "RECORD")


def make_wheelhouse(folder: Path, names: Iterable[str]) -> Path:
    """Wheels of these distributions and of all that they require."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted(_with_requirements(names)):
        _write_wheel(folder, distribution(name))
    return folder


def requirements_of(project: Path) -> list[str]:
    """What a pyproject.toml requires to run and to be built: names, with their extras."""
    import tomllib

    data = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    listed = [*data["project"]["dependencies"], *data["build-system"]["requires"]]
    beside = data.get("tool", {}).get("uv", {}).get("sources", {})
    return [one for one in listed if Requirement(one).name not in beside]


def _with_requirements(listed: Iterable[str]) -> set[str]:
    found: set[tuple[str, str]] = set()
    waiting = [pair for one in listed for pair in _with_extras(Requirement(one))]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in found:
            continue
        found.add((name, extra))
        for one in map(Requirement, distribution(name).requires or ()):
            if one.marker is None or one.marker.evaluate({"extra": extra}):
                waiting += _with_extras(one)
    return {name for name, _ in found}


def _with_extras(requirement: Requirement) -> list[tuple[str, str]]:
    """The package itself, whose extra is the empty one, and with each extra that is asked for."""
    return [(_canonical(requirement.name), one) for one in ("", *sorted(requirement.extras))]


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _write_wheel(folder: Path, found: Distribution) -> None:
    name, version = found.metadata["Name"].replace("-", "_"), found.version
    info = f"{name}-{version}.dist-info"
    scripts = {one.name for one in found.entry_points if one.group == "console_scripts"}
    record = []
    with zipfile.ZipFile(folder / f"{name}-{version}-{_tag(found)}.whl", "w") as wheel:
        for file in found.files or ():
            inside = str(file)
            if file.name in _NOT_OF_A_WHEEL or "__pycache__" in file.parts:
                continue
            if inside.startswith(".."):
                if file.name in scripts:
                    continue  # made by the installer from the entry points
                inside = f"{name}-{version}.data/scripts/{file.name}"
            elif file.parts[0].endswith(".dist-info"):
                inside = "/".join((info, *file.parts[1:]))
            wheel.write(Path(str(file.locate())), inside)
            record.append(f"{inside},,\n")
        wheel.writestr(f"{info}/RECORD", "".join([*record, f"{info}/RECORD,,\n"]))


def _tag(found: Distribution) -> str:
    """The tags of a wheel as its file name has them: the parts of all, joined by dots."""
    text = found.read_text("WHEEL") or ""
    tags = [line.removeprefix("Tag: ") for line in text.splitlines() if line.startswith("Tag: ")]
    columns = zip(*(tag.split("-") for tag in tags), strict=True)
    return "-".join(".".join(dict.fromkeys(column)) for column in columns)
