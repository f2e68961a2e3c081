"""A mail server on loopback that says what it is told to, and nothing of what SMTP asks for."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

_POLITE = {
    "": "220 mail.example.org",
    "EHLO": "250-mail.example.org\r\n250 AUTH PLAIN LOGIN",
    "AUTH": "235 welcome",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 go on",
    ".": "250 OK",
    "QUIT": "221 bye",
}
HANGS, CLOSES = "hangs", "closes"


@contextmanager
def answering(says: Mapping[str, str]) -> Iterator[int]:
    """Its port. `says` replaces what a polite one answers, by command ("" is the greeting, "."
    the end of a mail); HANGS and CLOSES are no answers."""
    let_go = threading.Event()

    class Odd(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            if not self._say(""):
                return
            within = False
            for line in self.rfile:
                command = line.decode("utf-8", "replace").rstrip("\r\n").upper()
                if within and command != ".":
                    continue
                within = command == "DATA"
                if not self._say(command.partition(" ")[0]):
                    return

        def _say(self, command: str) -> bool:
            answer = says.get(command, _POLITE.get(command, "250 OK"))
            if answer == HANGS:
                let_go.wait()
            if answer in (HANGS, CLOSES):
                return False
            self.wfile.write(f"{answer}\r\n".encode())
            return command != "QUIT"

        def finish(self) -> None:
            try:
                super().finish()
            except OSError:  # the other side has left
                return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that leaves in the midst of an answer is no error of the test."""

    with Server(("127.0.0.1", 0), Odd) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            let_go.set()
            server.shutdown()
            thread.join()
