"""R-8.4: what gates find and what a verdict rests on, from the journal in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

import pytest

from parom.facts import CheckMessage, Finding, Migration, MigrationFacts, MigrationOperation
from parom.gates import capacity, deploy_check, imports, migration_lint, migrations
from parom.gates.altered_field import AlteredField
from parom.steps.told_verdict import as_record, unproven
from parom.verdict.before import Before
from parom.verdict.expected import Expected
from parom.verdict.judging import judge
from parom.verdict.kept import row_of, samples_of
from parom.verdict.observed import observed
from parom.verdict.parameters import SHORT
from parom.verdict.samples import (
    Answer,
    Checked,
    CheckKind,
    LogEntry,
    LogLooked,
    PageLoaded,
    Probed,
    Sample,
    Used,
)
from parom.verdict.signature import Signature
from parom.words.language import Language, Words
from parom.words.said import in_words, recorded, recorded_all, said, with_parts
from tests.words.foreign import left_in_english, speaks_russian

RUSSIAN = Words(Language.RUSSIAN)
ONE = Migration("shop", "0002_one")
NOTHING: frozenset[str] = frozenset()
EXPECTED = Expected(("/a",), ("web",), ("app.log",), ("test_a",), ("/p",))
ERROR = LogEntry(Signature("shop.Error", "shop/views.py", "index", ""), "1")


def findings() -> Iterator[Finding]:
    """One of each kind that there is."""
    yield from deploy_check.judge([CheckMessage("", 40, "", "")], NOTHING, NOTHING)
    yield from imports.judge([("import x", "ImportError")])
    operations = tuple(
        MigrationOperation(ONE, kind, f"{kind} x", False, False, null=False, has_default=False)
        for kind in ("RemoveField", "RenameField", "AddField", "RunPython")
    )
    altered = AlteredField(ONE, "AlterField", "Alter x", True, True, type_after="text")
    yield from migration_lint.judge((*operations, altered), NOTHING, NOTHING)
    facts = MigrationFacts((), (), (ONE,), (("shop", ("a", "b")),), (ONE,))
    yield from migrations.judge(facts, ("shop: x",))
    yield from capacity.judge([capacity.Need("/srv", "x", 2 << 30, 1)])


@pytest.mark.parametrize("finding", list(findings()), ids=lambda one: one.fact[:40])
def test_a_finding_is_read_in_russian(finding: Finding) -> None:
    """The journal keeps what it was made from, and none of it in one language alone."""
    kept = json.loads(json.dumps(with_parts(asdict(finding))))
    fact, cure = (in_words(recorded(kept, name), RUSSIAN) for name in ("fact", "cure"))
    assert kept["fact"] == finding.fact
    assert speaks_russian(fact)
    assert speaks_russian(cure) or not finding.cure
    assert left_in_english(f"{fact}\n{cure}") == []


def seen() -> dict[str, list[Sample]]:
    """Watches that see nothing, what is good, and what is bad; from second 1 on."""
    seconds = [float(one) for one in range(1, 61)]
    failing = said("no complete answer in {limit:g} s", limit=2.5)
    bad: list[Sample] = []
    good: list[Sample] = []
    for at in seconds:
        good += [
            Probed("/a", Answer(at, 200, 0.01)),
            Used(at, 1_000_000, 0.1),
            LogLooked("app.log", at),
            Checked(CheckKind.START, "web", at, True),
            Checked(CheckKind.FUNCTION, "test_a", at, True),
            Checked(CheckKind.DATABASE, "", at, True),
            PageLoaded("/p", at, 0.1),
        ]
        bad += [
            Probed("/a", Answer(at, None if at > 30 else 200, 3.0)),
            Used(at, 1_000_000_000, 0.9),
            LogLooked("app.log", at, (ERROR,), said("there is no such log")),
            Checked(CheckKind.START, "web", at, False, said("has failed")),
            Checked(CheckKind.FUNCTION, "test_a", at, False, failing),
            Checked(CheckKind.DATABASE, "", at, False, failing),
            PageLoaded("/p", at, None),
        ]
    return {"nothing": [], "good": good, "bad": bad}


@pytest.mark.parametrize(("name", "samples"), seen().items(), ids=lambda one: str(one)[:8])
def test_the_evidence_of_a_verdict_is_read_in_russian(name: str, samples: list[Sample]) -> None:
    """Also of samples that were kept as rows, and are judged after a restart."""
    kept_samples = list(samples_of(row_of(one) for one in samples))
    assert kept_samples == samples
    watch = observed(SHORT, EXPECTED, Before(), 0.0).after_all(kept_samples)
    verdict = judge(watch, 61.0)
    data = {"missing": unproven(verdict), "criteria": as_record(verdict)}
    kept = json.loads(json.dumps(with_parts(data)))
    facts = [in_words(one, RUSSIAN) for one in recorded_all(kept, "missing")]
    for criterion in (*kept["criteria"]["rollback"], *kept["criteria"]["success"]):
        facts += [in_words(recorded(one, "fact"), RUSSIAN) for one in criterion["evidence"]]
    assert len(facts) > 10
    assert [one for one in facts if not speaks_russian(one)] == []
    assert left_in_english("\n".join(facts)) == []
    words = " ".join(facts)
    assert ("2,5 с" in words) == (name == "bad")
    assert not {"failed", "median", "before", "watched", "seconds"} & set(words.split())
