"""The supervisor's configuration, as text. A pure function of what it is to supervise."""

from __future__ import annotations

import configparser
import json
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from parom.adapters.services.circusd import ENDPOINT
from parom.adapters.services.command import ServiceCommand

PUBLIC, PRIVATE, DOORMAN, WEB_PRIVATE = "public", "private", "doorman", "web-private"
MARK = "PAROM_SUPERVISED"
"""The environment variable by which a supervised process is known, whoever its parent is."""
BACKLOG = 4096


@dataclass(frozen=True)
class Supervised:
    """Everything that the configuration says."""

    bind: str
    commands: tuple[ServiceCommand, ...]
    running_path: Path
    project_folder: str
    settings_module: str
    """Empty: the application names its own."""
    env_file: Path | None
    logs: Path
    folder: Path
    """The supervisor's own folder, for its files."""
    page_dir: Path | None
    retry_after_s: int

    @property
    def commands_file(self) -> Path:
        return self.folder / "commands.json"


def render_commands(what: Supervised) -> str:
    """What `launch.py` reads at each start: taken up by the next start, without a reload."""
    appside = Path(__file__).parents[2] / "appside"
    found = {}
    for command in what.commands:
        for name in (command.name, WEB_PRIVATE) if command.role == "web" else (command.name,):
            found[name] = {
                "argv": command.argv,
                "root": str(what.running_path),
                "folder": what.project_folder,
                "env_file": str(what.env_file or ""),
                "settings": what.settings_module,
                "appside": str(appside),
                "log": str(what.logs / f"{name}.log"),
            }
    return json.dumps(found, indent=1)


def render(what: Supervised, mark: str, wanted: frozenset[str]) -> str:
    """The INI text; the services in `wanted` start with the supervisor, as after a reboot."""
    host, _, port = what.bind.rpartition(":")
    parts = [
        "[circus]",
        f"endpoint = {ENDPOINT}",
        f"pubsub_endpoint = {ENDPOINT}.pub",
        "statsd = False",
        "httpd = False",
        "check_delay = 1",
        "",
        *_socket(PUBLIC, host.strip("[]"), int(port)),
        *_socket(PRIVATE, "127.0.0.1", 0),
        *_doorman(what, mark),
    ]
    for command in what.commands:
        parts += _watcher(what, command.name, command, PUBLIC, mark, command.name in wanted)
        if command.role == "web":
            parts += _watcher(what, WEB_PRIVATE, command, PRIVATE, mark, False)
    return "\n".join(parts)


def bind_in(configuration: Path) -> str:
    """The public address that a written configuration names."""
    found = configparser.RawConfigParser()
    found.read_string(configuration.read_text("utf-8"))
    public = found[f"socket:{PUBLIC}"]
    host = public["host"]
    return f"[{host}]:{public['port']}" if ":" in host else f"{host}:{public['port']}"


def _socket(name: str, host: str, port: int) -> list[str]:
    family = "AF_INET6" if ":" in host else "AF_INET"
    return [
        f"[socket:{name}]",
        f"host = {host}",
        f"port = {port}",
        f"family = {family}",
        f"backlog = {BACKLOG}",
        "",
    ]


def _doorman(what: Supervised, mark: str) -> list[str]:
    argv = [sys.executable, "-m", "parom.adapters.gateways.doorman", str(what.folder),
            "--retry-after", str(what.retry_after_s)]  # fmt: skip
    if what.page_dir:
        argv += ["--page", str(what.page_dir)]
    log = what.logs / "doorman.log"
    return [
        f"[watcher:{DOORMAN}]",
        f"cmd = {shlex.join(argv)} --fd $(circus.sockets.{PUBLIC}) "
        f"--private-fd $(circus.sockets.{PRIVATE})",
        "use_sockets = True",
        "copy_env = True",
        "graceful_timeout = 5",
        "max_retry = -1",
        "stdout_stream.class = FileStream",
        f"stdout_stream.filename = {log}",
        "stderr_stream.class = FileStream",
        f"stderr_stream.filename = {log}",
        "",
        *_environment(DOORMAN, mark),
    ]


def _watcher(
    what: Supervised, name: str, command: ServiceCommand, socket: str, mark: str, starts: bool
) -> list[str]:
    launch = Path(__file__).with_name("launch.py")
    argv = [sys.executable, "-I", "-S", str(launch), str(what.commands_file), name]
    tail = f" $(circus.sockets.{socket})" if command.role == "web" else ""
    return [
        f"[watcher:{name}]",
        f"cmd = {shlex.join(argv)}{tail}",
        f"use_sockets = {command.role == 'web'}",
        "copy_env = True",
        f"autostart = {starts}",
        f"graceful_timeout = {command.graceful_s}",
        "max_retry = -1",
        "",
        *_environment(name, mark),
    ]


def _environment(name: str, mark: str) -> list[str]:
    return [f"[env:{name}]", f"{MARK} = {mark}", ""]
