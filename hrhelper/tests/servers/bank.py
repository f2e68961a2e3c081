"""The National Bank of Belarus, as far as https://www.nbrb.by/apihelp/exrates describes it."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

NAMES = {"USD": "Доллар США", "EUR": "Евро", "PLN": "Злотых", "JPY": "Йен"}


class Bank(ThreadingHTTPServer):
    """Rates by currency: (units, official rate). `failures` are statuses to answer with first."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Counter)
        self.rates = {"USD": (1, 2.9734), "EUR": (1, 3.4021), "PLN": (10, 8.0245), "JPY": (100, 2)}
        self.asked, self.failures = [], []
        self.raw = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/"

    def quotations(self):
        return [
            {
                "Cur_ID": number,
                "Date": "2026-02-02T00:00:00",
                "Cur_Abbreviation": currency,
                "Cur_Scale": scale,
                "Cur_Name": NAMES.get(currency, currency),
                "Cur_OfficialRate": rate,
            }
            for number, (currency, (scale, rate)) in enumerate(self.rates.items(), start=430)
        ]


class Counter(BaseHTTPRequestHandler):
    def do_GET(self):  # noqa: N802
        address = urlsplit(self.path)
        self.server.asked.append(self.path)
        if self.server.failures:
            self.reply(self.server.failures.pop(0), b"")
        elif address.path == "/exrates/rates" and parse_qs(address.query) == {"periodicity": ["0"]}:
            content = self.server.raw or json.dumps(self.server.quotations()).encode()
            self.reply(200, content)
        else:
            self.reply(404, b"")

    def reply(self, status, content):
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        """Quiet."""


@contextmanager
def open_bank():
    """A bank on a free port of this machine, until the end of the block."""
    with Bank() as bank:
        thread = threading.Thread(target=bank.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield bank
        finally:
            bank.shutdown()
            thread.join()
