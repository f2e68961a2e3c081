"""Logging in over HTTP, as a browser's form does it, and asking with a token."""

import http.client
import json
from urllib.parse import urlencode, urlsplit


def login(url, name, password):
    """Status and headers of the answer to the form."""
    form = {"username": name, "password": password, "csrfmiddlewaretoken": "c" * 32}
    headers = {
        "Cookie": f"csrftoken={'c' * 32}", "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    return _exchange(url, "POST", "/login/", urlencode(form), headers)[:2]


def status_of(url, authorization):
    """Status, headers and JSON of a list."""
    headers = {"Authorization": authorization} if authorization else {}
    status, told, content = _exchange(url, "GET", "/api/v1/finance/grades/", None, headers)
    return status, told, json.loads(content)


def _exchange(url, method, path, body, headers):
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=180)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()
