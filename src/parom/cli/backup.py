"""Backups by hand: made, listed, verified, restored, and an installation rebuilt from one."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parom.cli.progress_bar import bar
from parom.cli.spoken import words
from parom.errors import ParomError, usage
from parom.words.figures import marked
from parom.words.said import said

if TYPE_CHECKING:
    from parom.facts import BackupManifest
    from parom.ports import Vault

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document.")
identity = click.option(
    "--identity",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file with the private key (age identity).",
)
a_folder = click.Path(path_type=Path, file_okay=False)


@click.group()
def backup() -> None:
    """Encrypted backups: make, list, verify and restore them."""


@backup.command()
@as_json
@click.pass_obj
def create(config_path: Path, as_json: bool) -> None:
    """Back up what runs, while it runs; encrypted, unpacked and compared."""
    from parom.cli.maintenance import _alone as alone
    from parom.config.reading import read
    from parom.errors import engine as errors
    from parom.journal.opening import open_journal
    from parom.wiring import installation_of

    config = read(config_path)
    if not installation_of(config).database.exists():
        raise errors.not_installed(str(config.project.root))
    open_journal(config.state)  # also of an installation that Parom has never deployed to
    installation = alone(config_path)
    from parom.day.keeping import settle
    from parom.engine.backing_up import back_up_now
    from parom.environment import proxies_here

    with bar(words().say("backup")) as told:
        written = back_up_now(installation, told)
    settle(config, proxies_here())
    if as_json:
        click.echo(json.dumps(_record_of(written)))
        return
    click.echo(f"✓ {_line_of(written)}")
    click.echo(f"  {words().say(written.verified_how)}")


@backup.command("list")
@click.option("--vault", type=a_folder, help="The vault; that of parom.toml by default.")
@as_json
@click.pass_obj
def list_backups(config_path: Path, vault: Path | None, as_json: bool) -> None:
    """List the complete backups, oldest first."""
    found = _vault(config_path, vault).list()
    if as_json:
        click.echo(json.dumps([_record_of(one) for one in found]))
        return
    for one in found:
        click.echo(_line_of(one))
    if not found:
        click.echo(words().say("There is no backup yet; `parom backup create` makes one."))


@backup.command()
@click.argument("backup_id", default="")
@click.option("--vault", type=a_folder, help="The vault; that of parom.toml by default.")
@identity
@as_json
@click.pass_obj
def verify(
    config_path: Path, backup_id: str, vault: Path | None, identity: Path | None, as_json: bool
) -> None:
    """Compare a backup (all of them by default) with its checksums.

    With an identity it is decrypted and unpacked too; without, only the ciphertext is read.
    """
    from parom.errors import recovery as errors

    where = _vault(config_path, vault)
    ids = [backup_id] if backup_id else [one.id for one in where.list()]
    if not ids:
        raise errors.no_backup(vault or _vault_of(config_path))
    for one in ids:
        manifest = where.verify(one, identity)
        said = "the ciphertext is as written"
        if identity:
            said = "decrypted, unpacked and compared"
        if as_json:
            click.echo(json.dumps({**_record_of(manifest), "result": said}))
        else:
            click.echo(f"✓ {manifest.id}: {words().say(said)}")


@backup.command()
@click.argument("backup_id", default="")
@identity
@click.option("--vault", type=a_folder, help="The vault; that of parom.toml by default.")
@click.option("--part", "parts", multiple=True, help="code, database, configuration or media.")
@click.option("--into", type=a_folder, help="Unpack into this folder; ./restored-ID by default.")
@click.option("--to", type=a_folder, help="Make this empty folder the running installation.")
@click.option("--bind", default="", help="With --to: HOST:PORT where it differs.")
@click.option(
    "--write-config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="With --to: where parom.toml goes; into that folder by default.",
)
@as_json
@click.pass_obj
def restore(
    config_path: Path,
    backup_id: str,
    identity: Path | None,
    vault: Path | None,
    parts: tuple[str, ...],
    into: Path | None,
    to: Path | None,
    bind: str,
    write_config: Path | None,
    as_json: bool,
) -> int:
    """Unpack a backup into a folder, or with --to rebuild the whole installation from it.

    Nothing that runs is touched: a part is unpacked beside, for a person to use.
    """
    if identity is None:
        raise _wrong(said("Backups are encrypted: name the private key with --identity"))
    if to is not None:
        if into is not None or parts:
            raise _wrong(said("--to rebuilds everything; --into and --part do not go with it"))
        from parom.cli.recover import recover

        where = vault or _vault_of(config_path)
        config = (write_config or to / "parom.toml").absolute()
        return recover(where, backup_id, identity, to.absolute(), bind, config, as_json=as_json)
    if not backup_id:
        raise _wrong(said("Name the backup; `parom backup list` shows them"))
    return _unpack(_vault(config_path, vault), backup_id, identity, parts, into, as_json=as_json)


def _wrong(what: str) -> ParomError:
    return usage.wrong_usage(what, "parom backup restore")


def _unpack(
    vault: Vault,
    backup_id: str,
    identity: Path,
    parts: tuple[str, ...],
    into: Path | None,
    *,
    as_json: bool,
) -> int:
    destination = (into or Path(f"restored-{backup_id}")).absolute()
    with bar(words().say("restore")) as told:
        manifest = vault.restore(backup_id, identity, destination, parts, told)
    restored = [one.name for one in manifest.parts if not parts or one.name in parts]
    if as_json:
        click.echo(json.dumps({"backup": backup_id, "into": str(destination), "parts": restored}))
        return 0
    for name in restored:
        click.echo(f"✓ {destination / name}")
    return 0


def _vault(config_path: Path, folder: Path | None) -> Vault:
    from parom.wiring import vault_at

    return vault_at(folder.absolute() if folder else _vault_of(config_path))


def _vault_of(config_path: Path) -> Path:
    from parom.config.reading import read

    return read(config_path).vault.path


def _record_of(manifest: BackupManifest) -> dict[str, object]:
    return {
        "id": manifest.id,
        "created": manifest.created.isoformat(timespec="seconds"),
        "environment": manifest.environment,
        "release": manifest.release_id,
        "bytes": sum(one.cipher_bytes for one in manifest.parts),
        "rows": sum(one.rows for one in manifest.tables),
        "verified": manifest.verified,
        "parts": {one.name: one.cipher_bytes for one in manifest.parts},
    }


def _line_of(manifest: BackupManifest) -> str:
    size = sum(one.cipher_bytes for one in manifest.parts) / 1e6
    rows = sum(one.rows for one in manifest.tables)
    created: datetime = manifest.created.astimezone()
    said = words()
    return "  ".join(
        (
            manifest.id,
            f"{created:%Y-%m-%d %H:%M}",
            manifest.release_id,
            said.say("{n} MB", n=marked(said, f"{size:.1f}")),
            said.count("{number} row", "{number} rows", rows),
            said.say("verified") if manifest.verified else said.say("not verified"),
        )
    )
