"""The client of outside services, against a real server on loopback."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from logic.base.api_client import ApiError, ApiUnreachableError, BaseAPIClient


class Service(ThreadingHTTPServer):
    """Answers each request with the next of `answers`: a status and a body, or None: hang up."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.answers, self.asked = [], []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/"


class Answering(BaseHTTPRequestHandler):
    def answer(self):
        length = int(self.headers.get("Content-Length", 0))
        self.server.asked.append((self.command, self.path, self.rfile.read(length)))
        planned = self.server.answers.pop(0)
        if planned is None:
            self.close_connection = True
            return
        status, body = planned
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"{self.server.url}elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer  # noqa: N815

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def service():
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_question_and_answer_are_json(service):
    """What goes out and what comes back are plain values."""
    service.answers = [(200, b'{"id": 7}')]
    client = BaseAPIClient(service.url)
    assert client.request("POST", "things", query={"page": 2}, body={"a": 1}) == {"id": 7}
    (method, path, body) = service.asked[0]
    assert (method, path, json.loads(body)) == ("POST", "/things?page=2", {"a": 1})


@pytest.mark.parametrize("failure", [(503, b""), None])
def test_reading_is_tried_again(service, failure):
    """A read can be repeated without doing anything twice."""
    service.answers = [failure, failure, (200, b"[]")]
    assert BaseAPIClient(service.url).request("GET", "things") == []
    assert len(service.asked) == 3


def test_writing_is_never_repeated(service):
    """An answer that did not come does not mean that nothing was done."""
    service.answers = [None]
    with pytest.raises(ApiUnreachableError):
        BaseAPIClient(service.url).request("POST", "things", body={})
    assert len(service.asked) == 1


@pytest.mark.parametrize("status", [302, 401, 403, 429])
def test_status_of_the_service_stays_what_it_is(service, status):
    """And a redirect is not followed: it would carry the token to another host."""
    service.answers = [(status, b"")]
    with pytest.raises(ApiError) as caught:
        BaseAPIClient(service.url).request("GET", "things")
    assert caught.value.status == status
    assert len(service.asked) == 1


def test_answer_that_is_not_json_is_no_answer(service):
    """A proxy's error page must not pass for data."""
    service.answers = [(200, b"<html>")]
    with pytest.raises(ApiUnreachableError):
        BaseAPIClient(service.url, attempts=1).request("GET", "things")


def test_only_http_is_spoken():
    """A base URL from the settings must not read files of the server."""
    with pytest.raises(ValueError, match="not an HTTP address"):
        BaseAPIClient("file:///").request("GET", "etc/hostname")
