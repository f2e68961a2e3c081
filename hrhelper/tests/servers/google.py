"""Google on loopback: consent with PKCE, tokens that end, a calendar and a Drive."""

import base64
import hashlib
import json
import secrets
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

from tests.servers.loopback import LoopbackHandler, LoopbackServer

CLIENT_ID, CLIENT_SECRET = "hrhelper.example", "client-secret-canary"
EVENTS = "/calendar/v3/calendars/primary/events"


class GoogleServer(LoopbackServer):
    """`failures` are used up first by calendar and Drive: a status, or: stall, cut, malformed."""

    def __init__(self):
        super().__init__(Google)
        self.scope = None  # what the person agrees to; None: all that is asked for
        self.codes, self.access, self.refresh = {}, set(), {}
        self.events, self.files, self.failures = {}, [], []
        self.consents, self.refreshes, self.revoked, self.invitations = 0, 0, [], []
        self.refresh_is_held, self.refresh_failures = None, []

    def expire(self):
        """From now on Google refuses the access tokens that it gave."""
        self.access.clear()

    def withdraw(self):
        """The person takes the agreement back at Google."""
        self.access.clear()
        self.refresh.clear()

    def consent(self, address):
        """What the person's browser does with the address: where Google sends it back to."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        assert (asked["access_type"], asked["prompt"]) == ("offline", "consent")
        code = secrets.token_urlsafe(16)
        with self.lock:
            self.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return f"{asked['redirect_uri']}?{back}"

    def tokens(self, scope, *, with_refresh):
        access = f"access-canary-{secrets.token_urlsafe(16)}"
        self.access.add(access)
        given = {"access_token": access, "expires_in": 3599, "scope": scope, "token_type": "Bearer"}
        if with_refresh:
            given["refresh_token"] = f"refresh-canary-{secrets.token_urlsafe(16)}"
            self.refresh[given["refresh_token"]] = scope
        return given


class Google(LoopbackHandler):
    def do_POST(self):  # noqa: N802
        path, body = urlsplit(self.path).path, self.body()
        if path in ("/token", "/revoke"):
            form = dict(parse_qsl(body.decode()))
            if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
                return self.answer(401, {"error": "invalid_client"})
            return self._token(form) if path == "/token" else self._revoke(form)
        if self._is_let_in() and path == EVENTS:
            return self._insert(json.loads(body))
        return None

    def do_GET(self):  # noqa: N802
        path = urlsplit(self.path).path
        if not self._is_let_in():
            return None
        if path == "/drive/v3/files":
            return self._files()
        event = self.server.events.get(path.removeprefix(f"{EVENTS}/"))
        return self.answer(200, event) if event else self._refuse(404)

    def do_DELETE(self):  # noqa: N802
        if self._is_let_in():
            event = self.server.events.get(urlsplit(self.path).path.removeprefix(f"{EVENTS}/"))
            if event is None or event["status"] == "cancelled":
                return self._refuse(410 if event else 404)
            event["status"] = "cancelled"
            return self.answer(204, b"")
        return None

    def _token(self, form):
        server = self.server
        if form["grant_type"] == "refresh_token":
            if server.refresh_is_held:
                server.refresh_is_held.wait(60)
            with server.lock:
                server.refreshes += 1
                if server.refresh_failures:
                    return self.answer(server.refresh_failures.pop(0), {"error": "backend"})
                scope = server.refresh.get(form["refresh_token"])
                if scope is None:
                    return self.answer(400, {"error": "invalid_grant"})
                return self.answer(200, server.tokens(scope, with_refresh=False))
        with server.lock:
            asked = server.codes.pop(form["code"], None)
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if not asked or asked["code_challenge"] != challenge:
                return self.answer(400, {"error": "invalid_grant"})
            assert asked["redirect_uri"] == form["redirect_uri"]
            server.consents += 1
            scope = server.scope or asked["scope"]
            return self.answer(200, server.tokens(scope, with_refresh=True))

    def _revoke(self, form):
        known = self.server.refresh.pop(form["token"], None)
        self.server.revoked.append(form["token"])
        self.answer(200 if known else 400, {})

    def _insert(self, event):
        server = self.server
        with server.lock:
            if event["id"] in server.events:
                return self._refuse(409)
            kept = event | {"status": "confirmed", "htmlLink": f"https://cal.example/{event['id']}"}
            server.events[event["id"]] = kept
            server.invitations.append(parse_qs(urlsplit(self.path).query)["sendUpdates"][0])
        return self.answer(200, kept)

    def _files(self):
        asked = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
        folder = asked["q"].split("'")[1]
        found = [one for one in self.server.files if folder in one["parents"]]
        if not found:
            return self._refuse(404)
        start, size = int(asked.get("pageToken", 0)), int(asked["pageSize"])
        page = {"files": found[start : start + size]}
        if start + size < len(found):
            page["nextPageToken"] = str(start + size)
        return self.answer(200, page)

    def _is_let_in(self):
        server = self.server
        with server.lock:
            token = unquote(self.headers.get("Authorization", "")).removeprefix("Bearer ")
            if token not in server.access:
                self._refuse(401)
                return False
            failure = server.failures.pop(0) if server.failures else None
        if failure == "stall":
            server.released.wait(60)
            self.close_connection = True
        elif failure == "cut":
            self.cut(200, {"files": [], "padding": "x" * 100})
        elif failure == "malformed":
            self.answer(200, b'{"files": [')
        elif failure:
            self._refuse(failure)
        return failure is None

    def _refuse(self, status):
        headers = [("Retry-After", "9")] if status == 429 else []
        self.answer(status, {"error": {"code": status, "message": "body-canary"}}, headers)
