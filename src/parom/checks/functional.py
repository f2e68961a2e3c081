"""The user's own pytest files, run against a base URL."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from pathlib import Path

from parom.checks.result import CheckResult
from parom.ports import Host


def run_functional(
    folder: Path, base_url: str, headers: Mapping[str, str], host: Host, limit_s: float
) -> tuple[CheckResult, ...]:
    """Run the tests below `folder` with Parom's interpreter; one result a test.

    No test collected, a broken file, or the time limit is a failed check: missing evidence
    is never counted as good. The headers travel in a file, not in arguments or environment.
    """
    with tempfile.TemporaryDirectory(prefix="parom-checks-") as scratch:
        secret = Path(scratch) / "headers.json"
        descriptor = os.open(secret, os.O_CREAT | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump(dict(headers), out)
        report = Path(scratch) / "report.xml"
        ran = host.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "parom.checks.plugin",
             "-c", os.devnull,
             f"--rootdir={folder}", f"--junit-xml={report}", "--disable-warnings", str(folder)],
            cwd=folder,
            env={
                "PAROM_BASE_URL": base_url,
                "PAROM_HEADERS_FILE": str(secret),
                # Only what the checks need is loaded: the public may be waiting.
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            },
            timeout_s=limit_s,
        )  # fmt: skip
        if ran.timed_out:
            return (CheckResult("functional checks", False, f"not finished in {limit_s:g} s"),)
        results = _read(report)
    if not results:
        last = (ran.stdout + ran.stderr).strip()[-300:]
        return (CheckResult("functional checks", False, f"no test was run: {last}"),)
    return results


def _read(report: Path) -> tuple[CheckResult, ...]:
    if not report.exists():
        return ()
    found = []
    tree = ElementTree.parse(report)  # noqa: S314 - written by the pytest that we started
    for case in tree.iter("testcase"):
        name = f"{case.get('classname', '')}.{case.get('name', '')}".strip(".")
        bad = next((one for one in case if one.tag in ("failure", "error", "skipped")), None)
        detail = "" if bad is None else f"{bad.tag}: {bad.get('message', '')}"[:300]
        found.append(CheckResult(name, bad is None, detail, float(case.get("time", 0))))
    return tuple(found)
