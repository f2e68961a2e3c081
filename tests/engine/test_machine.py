"""The machine's promises, with steps that only note what they did."""

from __future__ import annotations

from pathlib import Path

import pytest

from parom.config.reading import read
from parom.journal.models import Event, Run
from parom.journal.record import StepState, steps_of
from parom.plan.plan import Kind
from parom.steps.step import Context, Seen
from parom.wiring import installation_of
from tests.engine.bench import Bench, Crash, Noted

POINTS = ("before-intent", "after-intent", "before-outcome")


def three(world: list[str], *, fails: int = 0) -> list[Noted]:
    return [Noted("a", world), Noted("b", world), Noted("c", world, fails=fails)]


def test_intent_is_on_disk_before_the_effect_and_the_outcome_after(tmp_path: Path) -> None:
    """Only so a crash can tell a step that began from one that did not."""
    world: list[str] = []
    bench = Bench(tmp_path / "x", three(world))
    assert bench.engine().outcome == "deployed"
    assert bench.events() == [
        ("started", ""),
        *(pair for name in "abc" for pair in (("intent", name), ("ok", name))),
    ]
    assert all(step.states == [StepState.IN_DOUBT] for step in bench.steps)


@pytest.mark.parametrize("at", POINTS)
@pytest.mark.parametrize("step", ["a", "b", "c"])
def test_killed_anywhere_the_run_arrives(tmp_path: Path, step: str, at: str) -> None:
    """A new engine ends where the first would have ended, with each effect once."""
    world: list[str] = []
    bench = Bench(tmp_path / "x", three(world))
    with pytest.raises(Crash):
        bench.engine(dies_at=f"{step}:{at}")
    assert bench.engine().outcome == "deployed"
    assert world == ["a", "b", "c"]
    assert bench.events().count(("intent", step)) == 1


@pytest.mark.parametrize("at", [f"undo-{one}" for one in POINTS])
@pytest.mark.parametrize("step", ["a", "b", "c"])
def test_killed_anywhere_on_the_way_back_the_run_comes_back(
    tmp_path: Path, step: str, at: str
) -> None:
    """Once turned, a run goes back, whichever engine carries it on."""
    world: list[str] = []
    bench = Bench(tmp_path / "x", three(world, fails=1))
    with pytest.raises(Crash):
        bench.engine(dies_at=f"{step}:{at}")
    outcome = bench.engine()
    assert (outcome.outcome, outcome.data["error"]["id"]) == ("rolled back", "test.failed")
    assert world == []


def test_failure_takes_back_in_reverse_all_that_began(tmp_path: Path) -> None:
    """The failed step as well: it may have done half of its work."""
    bench = Bench(tmp_path / "x", [Noted("a", []), Noted("b", [], fails=1), Noted("c", [])])
    assert bench.engine().exit_code == 20
    undone = [step for kind, step in bench.events() if kind == "undone"]
    assert undone == ["b", "a"]


def test_step_in_doubt_that_was_done_is_not_run_again(tmp_path: Path) -> None:
    """What look says is believed: a migration must not run twice."""
    bench = Bench(tmp_path / "x", [Noted("a", [], seen=Seen.DONE)])
    with pytest.raises(Crash):
        bench.engine(dies_at="a:before-outcome")
    bench.engine()
    assert len(bench.steps[0].states) == 1
    assert ("looked", "a") in bench.events()


def test_hold_policy_asks_a_person_once_visitors_were_stopped(tmp_path: Path) -> None:
    """Held means untouched; carried on, the failed step is tried again."""
    world: list[str] = []
    steps = [Noted("gateway.hold", world), Noted("b", world, fails=1)]
    bench = Bench(tmp_path / "x", steps, policy='on_failure = "hold"')
    assert (bench.engine().state, world) == ("held", ["gateway.hold"])
    assert bench.engine().outcome == "deployed"


def test_hold_policy_does_not_keep_a_failed_preparation(tmp_path: Path) -> None:
    """Before the stop there is nothing that a person would have to decide."""
    steps = [Noted("installation.adopt", []), Noted("release.fetch", [], fails=1)]
    bench = Bench(tmp_path / "x", steps, policy='on_failure = "hold"')
    assert bench.engine().exit_code == 10


def test_no_secret_of_the_application_gets_into_the_journal(tmp_path: Path) -> None:
    """A traceback holds what the failing line had at hand."""
    bench = Bench(tmp_path / "x", [Noted("a", [])])
    file = bench.top / "parom.toml"
    named = f'[release]\nenvironment_file = "{bench.top / "env"}"'
    file.write_text(file.read_text().replace("[release]", named))
    (bench.top / "env").write_text("API_TOKEN=topsecrettoken42\n")
    bench.installation = installation_of(read(file))

    def leak(_context: Context) -> None:
        raise RuntimeError("no answer to topsecrettoken42")

    bench.steps[0].before = leak
    assert "no answer to ***" in bench.engine().data["error"]["traceback"]
    kept = Event.objects.filter(run_id=bench.plan.run_id).values_list("data", flat=True)
    assert "topsecrettoken42" not in str(list(kept))


def test_abort_goes_back_before_the_next_step(tmp_path: Path) -> None:
    """The end says who asked, although no step failed."""
    world: list[str] = []
    bench = Bench(tmp_path / "x", three(world))

    def ask(context: Context) -> None:
        Run.objects.filter(id=context.plan.run_id).update(abort_asked="olga")

    bench.steps[1].before = ask
    outcome = bench.engine()
    assert (outcome.exit_code, world) == (20, [])
    assert "olga" in outcome.data["error"]["fact"]
    assert "c" not in steps_of(bench.plan.run_id)


def test_failed_undo_is_held_and_tried_again_by_the_next_engine(tmp_path: Path) -> None:
    """A return that stops half-way needs a person, and then goes on where it stopped."""
    world: list[str] = []
    bench = Bench(tmp_path / "x", [Noted("a", world, undo_fails=1), Noted("b", world, fails=1)])
    assert (bench.engine().exit_code, world) == (30, ["a"])
    assert (bench.engine().exit_code, world) == (20, [])


def test_rollback_that_somebody_wrote_to_is_not_turned(tmp_path: Path) -> None:
    """Going forth again would lose what was written to what came back."""
    world: list[str] = []
    steps = [Noted("services.background", world), Noted("gateway.open", world, fails=1)]
    bench = Bench(tmp_path / "x", steps, kind=Kind.ROLLBACK)
    assert (bench.engine().state, world) == ("held", ["services.background"])


def test_bug_in_a_step_leads_to_the_return_with_its_traceback(tmp_path: Path) -> None:
    """Parom's own mistakes must not strand a production."""
    world: list[str] = []
    bench = Bench(tmp_path / "x", three(world))

    def wrong(_context: object) -> None:
        raise KeyError("a bug")

    bench.steps[2].before = wrong
    outcome = bench.engine()
    assert (outcome.exit_code, world) == (20, [])
    assert "KeyError" in outcome.data["error"]["traceback"]
