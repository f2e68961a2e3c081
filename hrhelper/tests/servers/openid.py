"""A real OpenID provider, oidc-provider-mock, which is made to insist on PKCE."""

import base64
import hashlib
import http.client
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.servers.loopback import LoopbackHandler, LoopbackServer
from tests.servers.process import free_port, status_of, wait_until

HOP_BY_HOP = ("connection", "transfer-encoding", "content-length", "server", "date")


class OpenIdServer(LoopbackServer):
    """Stands before the provider, which takes a code without its verifier."""

    def __init__(self, provider_port):
        super().__init__(Forwarding)
        self.provider_port, self.challenges, self.verified = provider_port, {}, 0

    def consent(self, address, subject):
        """What a browser does that is sent to `address`: where it is sent back to."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
        assert asked["code_challenge_method"] == "S256"
        status, headers, _ = self.ask(
            "POST",
            address.removeprefix(self.url),
            urlencode({"sub": subject}).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert status in (302, 303)
        back = headers["Location"]
        self.challenges[parse_qs(urlsplit(back).query)["code"][0]] = asked["code_challenge"]
        return back

    def ask(self, method, path, body, headers):
        """The provider's own answer, which takes this server's address for its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.provider_port, timeout=120)
        try:
            own = {"Host": f"127.0.0.1:{self.server_port}"}
            connection.request(method, path, body or None, {**headers, **own})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()


class Forwarding(LoopbackHandler):
    def forward(self):
        body = self.body()
        if self.path == "/oauth2/token" and not self._is_verified(body):
            return self.answer(400, {"error": "invalid_grant"})
        kept = {k: v for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP}
        status, headers, content = self.server.ask(self.command, self.path, body, kept)
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return self.wfile.write(content)

    do_GET = do_POST = do_PUT = forward  # noqa: N815

    def _is_verified(self, body):
        form = {k: v[0] for k, v in parse_qs(body.decode()).items()}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        good = self.server.challenges.get(form["code"]) == challenge
        self.server.verified += good
        return good


@contextmanager
def openid_provider():
    """A provider in a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: status_of(port, "/jwks") == 200, "the provider's first answer")
            with OpenIdServer(port).running() as server:
                yield server
        finally:
            process.terminate()
