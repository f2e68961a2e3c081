"""How long the model is tried."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from parom.steps import replay
from tests.models.bed import Bed
from tests.models.machine import Model


@contextlib.contextmanager
def modelled(bed: Bed) -> Iterator[type[Model]]:
    """The model over one kind of database. Also few rows may be carried ahead."""
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(replay, "_MANY", 0)
            yield type("ModelOf" + type(bed).__name__, (Model,), {"bed": bed})
    finally:
        bed.release.end()


def try_out(model: type[Model], *, examples: int, steps: int) -> None:
    """Raises what is wrong, with the shortest sequence that was found."""
    run_state_machine_as_test(
        model,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            # A whole deployment is much to think up.
            suppress_health_check=list(HealthCheck),
        ),
    )
