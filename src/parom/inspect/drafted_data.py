"""The settings of a draft about what the application writes and reads besides its code."""

from __future__ import annotations

from pathlib import Path

from parom.config.example import Setting
from parom.inspect.asking import Answers, inside
from parom.inspect.drafted_database import server_of, server_settings
from parom.inspect.found import Found
from parom.inspect.project import ProjectInspection
from parom.inspect.wishes import Key, Wishes
from parom.words.said import joined, said


def data_settings(
    found: ProjectInspection, answers: Answers | None, wishes: Wishes
) -> dict[Key, Setting]:
    """[database], shared files, the environment file, and what goes into backups."""
    home = "" if wishes.in_place else "shared/"
    database = database_of(found, answers)
    shared = _shared(found, database)
    settings: dict[Key, Setting] = {
        ("release", "shared"): Setting(
            tuple(one.value for one in shared),
            tuple(joined([one.value, one.how], ": ") for one in shared),
        ),
        **_database(found, answers, database, home),
        **_environment_file(found, home),
    }
    if found.media_root and not Path(found.media_root.value).is_absolute():
        media = home + found.media_root.value.rstrip("/")
        settings["vault", "media"] = Setting((media,), (found.media_root.how,))
    more = tuple(home + one.value for one in found.environment_files[1:])
    if more:
        settings["vault", "configuration"] = Setting(more, (said("more files with settings"),))
    return settings


def database_of(found: ProjectInspection, answers: Answers | None) -> Found | None:
    """The database file: what the application says, else what its settings were read as."""
    if server_of(found, answers) is not None:
        return None
    facts = answers.facts if answers else None
    if facts is None:
        return found.database
    return Found(inside(found.root, facts.database.name), said("the application says so"))


def _database(
    found: ProjectInspection, answers: Answers | None, database: Found | None, home: str
) -> dict[Key, Setting]:
    named = server_of(found, answers)
    if named is not None:
        return server_settings(found, answers, named, home)
    return {("database", "path"): _file(found, database, home)}


def _file(found: ProjectInspection, database: Found | None, home: str) -> Setting:
    if database is None:
        remark = said(
            "the settings did not say which database it is; for one on a PostgreSQL server set "
            "database.type and what stands below it instead"
        )
        return Setting(home + "db.sqlite3", (remark,), decide=True)
    if Path(database.value).is_absolute():
        remark = said("{how}; it lies outside of the project, and stays there", how=database.how)
        return Setting(database.value, (remark,))
    present = found.root / database.value
    remarks: tuple[str, ...] = (database.how,)
    if home and present.is_file() and present.stat().st_size:
        remarks = (
            said(
                "{how}. It holds data, and the new installation starts with an empty "
                "database. Where this folder is what runs in production, use it as it is instead: "
                "`parom init --layout in-place`, and `parom adopt` moves it to releases",
                how=database.how,
            ),
        )
        return Setting(home + database.value, remarks, decide=True)
    return Setting(home + database.value, remarks)


def _shared(found: ProjectInspection, database: Found | None) -> tuple[Found, ...]:
    others = [one for one in found.shared if one != found.database]
    if database is not None and not Path(database.value).is_absolute():
        others.insert(0, database)
    return tuple({one.value: one for one in others}.values())


def _environment_file(found: ProjectInspection, home: str) -> dict[Key, Setting]:
    if not found.environment_files:
        return {}
    file = found.environment_files[0]
    key = ("release", "environment_file")
    if not home:
        return {key: Setting(file.value, (file.how,))}
    remark = said(
        "{file} is there: copy it to {place} in the root before the first deployment, and look "
        "whether its values are those of production",
        file=file.value,
        place=home + file.value,
    )
    return {key: Setting(home + file.value, (remark,), decide=True)}
