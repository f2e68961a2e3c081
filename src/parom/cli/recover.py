"""From the vault and the key alone: an empty folder becomes the running installation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from parom.cli.progress_bar import bar
from parom.cli.spoken import words

if TYPE_CHECKING:
    from parom.steps.step import Installation


def recover(
    vault_folder: Path,
    backup_id: str,
    identity: Path,
    root: Path,
    bind: str,
    config: Path,
    *,
    as_json: bool,
) -> int:
    """Unpack, write parom.toml, and let the engine put everything into place and start it."""
    from parom.adapters.hosts.local import LocalHost
    from parom.cli.deploy import _start as start
    from parom.config.reading import read
    from parom.engine.recovery import Wanted, begin, choose, described, unpack, write_config
    from parom.journal.opening import open_journal
    from parom.wiring import vault_at

    vault = vault_at(vault_folder.absolute())
    wanted = Wanted(root, vault_folder.absolute(), backup_id, identity, bind, config)
    chosen = choose(vault, wanted)
    folder = begin(wanted, chosen, LocalHost())
    with bar(words().say("restore")) as told:
        unpack(vault, chosen, identity, folder, told)
    written = write_config(wanted, folder)
    if not as_json:
        click.echo(
            words().say(
                "Backup {id} is unpacked; its parom.toml is {file}.", id=chosen.id, file=written
            )
        )
    open_journal(read(written).state)
    release = described(folder)["release"]

    def request(installation: Installation) -> str:
        from parom.engine.identity import person
        from parom.engine.requests import request_recovery

        return request_recovery(installation, chosen.id, release, person()).id

    return start(written, request, action="recover", detach=False, as_json=as_json, carries_on=True)
