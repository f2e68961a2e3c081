"""The three ways of running services behind one description, with their gateways.

The application is one file and really runs under gunicorn; what is wrong with it is written
into its files before it is started.
"""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from parom_site.page import Pages

from parom.adapters.gateways.door import Door
from parom.adapters.gateways.embedded import EmbeddedGateway
from parom.adapters.gateways.flag import FlagGateway
from parom.adapters.gateways.flag_file import MaintenanceFlag
from parom.adapters.gateways.flag_stand_in import StandIn
from parom.adapters.gateways.memory import MemoryGateway
from parom.adapters.services.command import ServiceCommand
from parom.adapters.services.embedded import EmbeddedServices
from parom.adapters.services.listening import Address
from parom.adapters.services.memory import MemoryServices
from parom.adapters.services.scripts import ScriptsServices
from parom.adapters.services.scripts_installation import ScriptedInstallation
from parom.adapters.services.scripts_private import PrivateWeb
from parom.adapters.services.supervisor import EmbeddedSupervisor
from parom.ports import Gateway, Services
from tests.support.ports import free_port

GRACEFUL_S = 1.0
IDLE = "import threading\nthreading.Event().wait()\n"
DIES_SOON = "import time\ntime.sleep(0.2)\n"
DIES_ONCE_STARTED = """
import socket, time
while socket.socket().connect_ex(("127.0.0.1", {port})):
    time.sleep(0.05)
time.sleep(0.5)
"""
IGNORES_SIGTERM = """
import signal, threading
signal.signal(signal.SIGTERM, signal.SIG_IGN)
threading.Event().wait()
"""
FORKS_WHEN_STOPPED = """
import os, signal, sys, threading
left = int(sys.argv[1]) if len(sys.argv) > 1 else 3
def leave(*_):
    if left:
        os.spawnl(os.P_NOWAIT, sys.executable, sys.executable, __file__, str(left - 1))
    os._exit(0)
signal.signal(signal.SIGTERM, leave)
threading.Event().wait()
"""
_APPLICATION = """
import os
from pathlib import Path
from django.conf import settings
settings.configure(
    BASE_DIR=Path(__file__).resolve().parent, SECRET_KEY="k" * 50, ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="application",
    MIDDLEWARE=["parom_site.middleware.MaintenanceMiddleware"], LOGGING_CONFIG=None,
)
import django
django.setup()
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("", lambda request: HttpResponse(str(os.getppid())))]
application = get_wsgi_application()
"""
_GUNICORN = ("-m", "gunicorn", "--no-control-socket", "--workers", "1", "--bind")
_WEB = ("{python}", *_GUNICORN, "{bind}", "application")
START = """#!/bin/sh
cd "$(dirname "$0")"
nohup .venv/bin/python %s 127.0.0.1:%d application >web.log 2>&1 </dev/null &
echo $! >web.pid
setsid .venv/bin/python worker.py >worker.log 2>&1 </dev/null &
echo $! >worker.pid
"""
STOP = """#!/bin/sh
cd "$(dirname "$0")"
kill $(cat worker.pid web.pid) 2>/dev/null
rm -f worker.pid web.pid
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Rig:
    """One kind in a folder of its own. `now` is the time of the kind that is in memory."""

    kind: str
    root: Path
    port: int
    page_dir: Path | None = None
    stand_in_wanted: bool = True
    flag_beside_embedded: bool = False
    silence_s: float = 30.0
    steady_s: float = 0.8
    now: float = 0.0
    services: Services = field(init=False)
    gateway: Gateway = field(init=False)

    def __post_init__(self) -> None:
        if self.kind == "memory":
            memory = MemoryServices({"web": "web", "worker": "worker"})
            self.services = memory
            pages = Pages(self.page_dir, retry_after_s=7)
            self.gateway = MemoryGateway(memory, lambda: self.now, pages)
            return
        if not self.root.exists():
            self.root.mkdir()
            (self.root / ".venv").symlink_to(sys.prefix)
            (self.root / "application.py").write_text(_APPLICATION)
            self.write_worker(IDLE)
            self.write_script("start.sh", START % (" ".join(_GUNICORN), self.port))
            self.write_script("stop.sh", STOP)
        self.anew()

    def copied(self) -> Rig:
        """A copy of the whole folder, as a team makes one, with a port of its own."""
        folder = self.root.with_name("copy")
        subprocess.run(["cp", "-a", str(self.root), str(folder)], check=True)
        return Rig(self.kind, folder, free_port())

    def anew(self) -> None:
        """Adapters that know nothing but what lies on disk, as after a crash of Parom."""
        flag = MaintenanceFlag(self.flag_file, self.state)
        if self.kind == "embedded":
            door = Door(self.supervisor.folder)
            self.services = EmbeddedServices(self.supervisor, door, steady_s=self.steady_s)
            self.gateway = EmbeddedGateway(
                self.supervisor, door, flag if self.flag_beside_embedded else None
            )
        elif self.kind == "scripts":
            installation, private = self.scripted, PrivateWeb(self.scripted, _WEB)
            stand_in = self.stand_in
            self.services = ScriptsServices(
                installation, private, stand_in, flag, steady_s=self.steady_s
            )
            self.gateway = FlagGateway(flag, stand_in, private, installation.address)

    @property
    def state(self) -> Path:
        return self.root / ".parom"

    @property
    def flag_file(self) -> Path:
        return self.root / ".env.maintenance"

    @property
    def bind(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def supervisor(self) -> EmbeddedSupervisor:
        return EmbeddedSupervisor(
            state=self.state,
            bind=self.bind,
            commands=(
                ServiceCommand("web", "web", _WEB, GRACEFUL_S),
                ServiceCommand("worker", "worker", ("{python}", "worker.py"), GRACEFUL_S),
            ),
            running_path=self.root,
            project_folder="",
            env_file=None,
            logs=self.state / "logs",
            page_dir=self.page_dir,
            retry_after_s=7,
            silence_s=self.silence_s,
        )

    @property
    def scripted(self) -> ScriptedInstallation:
        return ScriptedInstallation(
            running_path=self.root,
            project_folder="",
            state=self.state,
            address=Address.parse(self.bind),
            start=("./start.sh",),
            stop=("./stop.sh",),
            env_file=None,
            graceful_s=GRACEFUL_S,
        )

    @property
    def stand_in(self) -> StandIn:
        return StandIn(Address.parse(self.bind), self.state, self.page_dir, 7, self.stand_in_wanted)

    def write_worker(self, text: str) -> None:
        (self.root / "worker.py").write_text(text)

    def write_script(self, name: str, text: str) -> None:
        (self.root / name).write_text(text)
        (self.root / name).chmod(0o755)

    def break_web(self) -> None:
        if isinstance(self.services, MemoryServices):
            self.services.broken.add("web")
        else:
            (self.root / "application.py").write_text("raise ImportError('no such module')\n")

    def start_all(self) -> None:
        """In the order of a deployment."""
        instance = self.services.start_private()
        self.services.start_background()
        self.gateway.open(instance)
        self.services.start_web()
        self.gateway.settle()

    def ask(self, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
        """A visitor's request to the public address. Status 0: refused."""
        if isinstance(self.gateway, MemoryGateway):
            answer = self.gateway.visit(headers)
            assert answer is not None, "the visitor waits"
            body = b"" if method == "HEAD" else answer.body
            return Answer(answer.status, answer.headers, body)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, "/", headers=dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        except ConnectionError:
            return Answer(0, {}, b"")
        finally:
            connection.close()

    def alive(self) -> list[psutil.Process]:
        """Processes of the installation that run, found by nothing of Parom's."""
        found = []
        for one in psutil.process_iter():
            try:
                if one.cwd() == str(self.root) and one.status() != psutil.STATUS_ZOMBIE:
                    found.append(one)
            except psutil.Error:
                continue
        return found

    def shut_down(self) -> None:
        if self.kind == "embedded":
            self.supervisor.shutdown()
        if self.kind == "scripts":
            self.services.stop()
            self.stand_in.leave()


def make(kind: str, folder: Path, **more: object) -> Rig:
    return Rig(kind, folder / "installation", free_port(), **more)  # type: ignore[arg-type]
