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
    """What a pyproject.toml requires to run and to be built, by name."""
    import tomllib

    data = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    listed = [*data["project"]["dependencies"], *data["build-system"]["requires"]]
    names = [Requirement(one).name for one in listed]
    return [
        name for name in names if name not in data.get("tool", {}).get("uv", {}).get("sources", {})
    ]


def _with_requirements(names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = [_canonical(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for text in distribution(name).requires or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(_canonical(requirement.name))
    return found


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
