"""Mail and other addresses, on good days and bad ones."""

from __future__ import annotations

import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from parom.adapters.notifiers.apprise import AppriseAddress, kind_of_address, masked
from parom.errors.notices import NotDeliveredError
from parom.message import Message
from tests.adapters.notifiers.conftest import CANARY, address, secret
from tests.adapters.notifiers.mail_server import Mailbox
from tests.adapters.notifiers.odd_mail_server import CLOSES, HANGS, answering
from tests.support.ports import free_port

HELLO = Message("Развертывание началось", ("first line", "second line"))


def refused(place: AppriseAddress, overheard: list[str]) -> NotDeliveredError:
    with pytest.raises(NotDeliveredError) as raised:
        place.deliver(HELLO)
    assert CANARY not in f"{raised.value} {raised.value.as_record()} {overheard}"
    return raised.value


def test_a_mail_is_a_mail(tmp_path: Path, mailbox: Mailbox) -> None:
    """From, to, a subject to the letter, every line."""
    address(tmp_path, mailbox).deliver(HELLO)
    (mail,) = mailbox.mails
    assert mail["subject"] == "Развертывание началось"
    assert "team@example.org" in mail["to"]
    assert "first line" in mail.get_content()
    assert "second line" in mail.get_content()


def test_a_refused_mail_is_not_delivered(
    tmp_path: Path, mailbox: Mailbox, overheard: list[str]
) -> None:
    mailbox.refuses.append("451 try later")
    place = address(tmp_path, mailbox)
    assert refused(place, overheard).can_retry
    place.deliver(HELLO)
    assert mailbox.subjects() == ["Развертывание началось"]


def test_a_dead_mail_server(tmp_path: Path, mailbox: Mailbox, overheard: list[str]) -> None:
    """It says of what kind the address is, and nothing more of it."""
    mailbox.port = free_port()
    problem = refused(address(tmp_path, mailbox), overheard)
    assert problem.fact.startswith("address 1 (mailto) could not be reached: ")
    assert "127.0.0.1" not in problem.fact


def test_a_mail_server_that_ends_the_connection(
    tmp_path: Path, mailbox: Mailbox, overheard: list[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        mailbox.port = server.getsockname()[1]
        ending = Thread(target=lambda: server.accept()[0].close())
        ending.start()
        refused(address(tmp_path, mailbox), overheard)
        ending.join()


def test_a_server_that_does_as_smtp_says_takes_the_mail(tmp_path: Path, mailbox: Mailbox) -> None:
    """Or the failures below would be the server's own."""
    with answering({}) as mailbox.port:
        address(tmp_path, mailbox).deliver(HELLO)


@pytest.mark.parametrize(
    "says",
    [
        {"": "HTTP/1.1 400 Bad Request"},
        {"": "421 too busy"},
        {"": "220 " + "x" * 100_000},
        {"": CLOSES},
        {"": HANGS},
        {"AUTH": f"535 {CANARY} is no password of parom"},
        {"AUTH": "454 try later"},
        {"MAIL": f"550 nothing from you, {CANARY}"},
        {"RCPT": "550 nobody of that name"},
        {"RCPT": "451 greylisted"},
        {"DATA": "554 no mails today"},
        {"DATA": HANGS},
        {".": f"552 too large, {CANARY}"},
        {".": CLOSES},
        {".": HANGS},
        {".": "what?"},
    ],
    ids=str,
)
def test_a_mail_counts_only_where_the_server_says_so(
    tmp_path: Path, mailbox: Mailbox, overheard: list[str], says: dict[str, str]
) -> None:
    """Whatever it says instead, and where it falls silent; and nothing of it gets the password
    into a text, a journal or a log."""
    with answering(says) as port:
        url = mailbox.url(CANARY).replace(f":{mailbox.port}", f":{port}")
        urls = secret(tmp_path / "urls", f"{url}&cto=0.5&rto=0.5")
        refused(AppriseAddress(urls, 1), overheard)


def test_other_addresses_go_the_same_way(tmp_path: Path, overheard: list[str]) -> None:
    """A webhook that takes it, and one that answers with what it was sent."""
    bodies: list[bytes] = []
    statuses = [200, 403]

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            bodies.append(body)
            self.send_response(statuses[len(bodies) - 1], f"no {CANARY}")
            self.end_headers()
            self.wfile.write(self.path.encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        port = server.server_address[1]
        urls = secret(tmp_path / "urls", f"json://127.0.0.1:{port}/{CANARY}")
        AppriseAddress(urls, 1).deliver(HELLO)
        refused(AppriseAddress(urls, 1), overheard)
        server.shutdown()
        serving.join()
    assert b"second line" in bodies[0]


@pytest.mark.parametrize("line", [f"nowhere://{CANARY}", CANARY, f"mailto://{CANARY}"])
def test_an_address_that_is_none_is_refused(
    tmp_path: Path, overheard: list[str], line: str
) -> None:
    """Without repeating it: half of it may be a password."""
    problem = refused(AppriseAddress(secret(tmp_path / "urls", line), 1), overheard)
    assert not problem.can_retry or "mailto" in line


def test_an_address_that_was_taken_out_is_not_another(tmp_path: Path, overheard: list[str]) -> None:
    urls = secret(tmp_path / "urls", f"json://{CANARY}")
    assert refused(AppriseAddress(urls, 2), overheard).id == "notice.secret-file"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('Connection error to "mail.example.org"', 'Connection error to "***"'),
        ("user parom, password p4ss word", "user ***, password ***"),
        ("first\nsecond.", "first second"),
    ],
)
def test_a_complaint_keeps_nothing_of_the_address(text: str, shown: str) -> None:
    url = "mailtos://parom:p4ss%20word@mail.example.org?to=team@example.org"
    assert masked(text, url) == shown


def test_only_the_kind_of_an_address_is_shown() -> None:
    assert kind_of_address("mailtos://a:b@c") == "mailtos"
    assert kind_of_address(f"{CANARY}") == "unknown kind"
