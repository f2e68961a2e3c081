"""Finds tracebacks and critical lines in pieces of a log, as they are read.

Python runs once a find, not once a line: a gigabyte is searched at the speed of `bytes.find`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from parom.verdict.samples import LogEntry
from parom.verdict.signature import Signature, masked
from parom.verdict.tracebacks import UNREADABLE, Reading, signature_of

LONGEST_BYTES = 256 * 1024
"""A traceback that is longer has no readable end."""
_TRACEBACK, _CRITICAL = b"Traceback (most recent call last):", b"CRITICAL"
_CHAINED = (
    b"During handling of the above exception, another exception occurred:",
    b"The above exception was the direct cause of the following exception:",
)
_LONGEST_LINK = 200
_LEVEL = re.compile(rb"^.{0,120}?(?:^|[\s\[\"'=|/(])CRITICAL(?=[\s\]\"',|/:)])(.*)", re.DOTALL)
_WORKER = re.compile(rb"\bpid[=: ]+(\d+)|\[(\d+)\]|/((?:ForkPool|Spawn)\w*-\d+|MainProcess)\b")
_JSON_TEXT = re.compile(rb'(?:[^"\\\n]|\\.)*')


@dataclass(frozen=True)
class LogScan:
    """What was read of one log and is not whole yet. May be kept, and gone on from."""

    pending: bytes = b""

    def after(self, data: bytes, reading: Reading) -> tuple[LogScan, tuple[LogEntry, ...]]:
        """The scan after a piece of whole lines, and what was found.

        No data means that nothing came since the last look: a traceback at the end, which
        another one might have followed as its consequence, then is whole.
        """
        text = self.pending + data if self.pending else data
        found, held = _tracebacks(text, reading, final=not data)
        if data:  # the last line may be the header of a traceback that is still to come
            held = min(held, text.rfind(b"\n", 0, len(text) - 1) + 1)
        entries = (*found, *_critical_lines(text, held, reading))
        if len(text) - held > LONGEST_BYTES:
            return LogScan(), (*entries, LogEntry(UNREADABLE, ""))
        return LogScan(text[held:]), entries

    def ended(self, reading: Reading) -> tuple[LogEntry, ...]:
        """What was found once nothing can follow: also what was cut off with its file."""
        scan, entries = self.after(b"", reading)
        return (*entries, LogEntry(UNREADABLE, "")) if scan.pending else entries


@dataclass(frozen=True)
class _Found:
    """One traceback: where its header begins, where its exception's line ends."""

    begin: int
    end: int
    entry: LogEntry


def _tracebacks(text: bytes, reading: Reading, *, final: bool) -> tuple[list[LogEntry], int]:
    """The whole ones, and from where on the text must be kept for the next piece."""
    whole: list[LogEntry] = []
    last: _Found | None = None
    at = text.find(_TRACEBACK)
    while at >= 0:
        begin = max(_header(text, at), last.end + 1 if last else 0)
        chained = last is not None and any(one in text[last.end : at] for one in _CHAINED)
        if last is not None and not chained:
            whole.append(last.entry)
        first, last = (last if chained else None), _read(text, begin, at, reading)
        if last is None:
            return whole, first.begin if first else begin
        if first is not None:
            entry = LogEntry(last.entry.signature, first.entry.worker)
            last = _Found(first.begin, last.end, entry)
        at = text.find(_TRACEBACK, last.end)
    if last is not None and not final and _may_go_on(text, last.end):
        return whole, last.begin
    return whole + ([last.entry] if last else []), len(text)


def _may_go_on(text: bytes, end: int) -> bool:
    """Whether what follows a traceback is not more than announces its consequence."""
    rest = text[end : end + _LONGEST_LINK].strip()
    return len(text) - end < _LONGEST_LINK and any(one.startswith(rest) for one in _CHAINED)


def _header(text: bytes, at: int) -> int:
    """Where the line before a traceback begins: the record that it belongs to."""
    line = text.rfind(b"\n", 0, at) + 1
    return text.rfind(b"\n", 0, max(0, line - 1)) + 1


def _read(text: bytes, begin: int, at: int, reading: Reading) -> _Found | None:
    """The traceback at `at`; None while its end has not come."""
    line = text.rfind(b"\n", 0, at) + 1
    end = text.find(b"\n", at)
    if end < 0:
        return None
    body = at + len(_TRACEBACK)
    if text.startswith(b"\\n", body):
        return _Found(begin, end, _in_json(text, line, body, end, reading))
    prefix = text[line:at]
    worker = _worker(prefix) or _worker(text[begin:line])
    frames, start = [], end + 1
    indent = 0 if text[start : start + 1].isspace() else len(prefix)
    while (end := text.find(b"\n", start)) >= 0:
        one = text[start + indent : end]
        if one[:1].isspace() or one[:1] == b"|":
            frames.append(one)
            start = end + 1
            continue
        joined = b"\n".join(frames).decode("utf-8", "replace")
        signature = signature_of(joined, one.decode("utf-8", "replace"), reading)
        return _Found(begin, end, LogEntry(signature, worker))
    return None


def _in_json(text: bytes, line: int, body: int, end: int, reading: Reading) -> LogEntry:
    """A traceback within one line, as loggers write it that write JSON."""
    found = _JSON_TEXT.match(text, body, end)
    whole = found[0] if found else b""
    try:
        lines = str(json.loads(b'"' + whole + b'"')).strip("\n").split("\n")
    except ValueError:
        lines = []
    signature = UNREADABLE
    for number, one in enumerate(lines):
        if not one.startswith(" "):
            signature = signature_of("\n".join(lines[:number]), one, reading)
    return LogEntry(signature, _worker(text[line:end]))


def _worker(header: bytes) -> str:
    found = _WORKER.search(header.replace(b'"', b""))
    return next(one for one in found.groups() if one).decode() if found else ""


def _critical_lines(text: bytes, held: int, reading: Reading) -> Iterator[LogEntry]:
    """Lines of that level before `held` which are not the header of a traceback."""
    at = text.find(_CRITICAL, 0, held)
    while at >= 0:
        begin, end = text.rfind(b"\n", 0, at) + 1, text.find(b"\n", at)
        end = len(text) if end < 0 else end
        line = text[begin:end]
        of_traceback = _TRACEBACK in line or text.startswith(_TRACEBACK, end + 1)
        if not of_traceback and not line[:1].isspace() and (found := _LEVEL.match(line)):
            message = reading.without_secrets(found[1].decode("utf-8", "replace"))
            signature = Signature("CRITICAL", "", "", masked(message.strip(" ]:|\t")))
            yield LogEntry(signature, _worker(line))
        at = text.find(_CRITICAL, end, held)
