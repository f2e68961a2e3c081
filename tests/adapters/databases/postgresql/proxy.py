"""A stretch of network between a client and a server that can fail."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Proxy:
    """Passes everything on. `alter` may change what the server sends; once the client has sent
    `cut_after`, that is still passed on, and then both sides hear no more of each other."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.cut_after: bytes | None = None
        self.alter: Callable[[bytes], bytes] = lambda data: data
        self._threads: list[threading.Thread] = []

    def accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:  # closed
                return
            thread = threading.Thread(target=self._pass_on, args=(client,))
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _pass_on(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self._server_port))
        with client, server, selectors.DefaultSelector() as ready:
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in ready.select():
                    source, target = key.fileobj, key.data
                    assert isinstance(source, socket.socket)
                    data = source.recv(65536)
                    if not data:
                        return
                    target.sendall(self.alter(data) if source is server else data)
                    if source is client and self.cut_after and self.cut_after in data:
                        self.cut_after = None
                        server.recv(65536)  # its answer, which nobody gets
                        return


@contextmanager
def between(server_port: int) -> Iterator[Proxy]:
    proxy = Proxy(server_port)
    accepting = threading.Thread(target=proxy.accept)
    accepting.start()
    try:
        yield proxy
    finally:
        proxy.close()
        accepting.join()
        proxy.join()
