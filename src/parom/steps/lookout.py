"""An eye on the new release while something else takes long after opening."""

from __future__ import annotations

import threading
from types import TracebackType
from urllib.parse import urljoin

from parom.checks.probe import probe
from parom.errors import release as errors
from parom.facts import Probe
from parom.steps.checking import headers_of
from parom.steps.expecting import endpoints_of
from parom.steps.step import Context
from parom.verdict.errors import Alarm, Answer, judge_errors
from parom.verdict.kept import row_of_probe


class Lookout:
    """Probes each endpoint in a thread of its own and judges failed requests alone.

    Response times are not judged: what it is used beside takes processor and disk from the
    application. The thread touches no journal; its probes are kept when it ends.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        installation = context.installation
        self._base, self._headers = installation.gateway.public_url(), headers_of(context)
        self._watch = installation.config.watch
        self._seen: dict[str, list[Probe]] = {
            name: [] for name in endpoints_of(installation.config)
        }
        self._alarm: Alarm | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Lookout:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
        # After an alarm a person may have the run carried on: the watch begins without these.
        phase = "watch" if self._alarm is None else "lookout"
        for name, probes in self._seen.items():
            self._context.measurements.add(phase, [row_of_probe(name, one) for one in probes])

    def check(self) -> None:
        """Raises `watch.alarm` once the release is seen to fail. From any thread."""
        if self._alarm is not None:
            raise errors.watch_alarmed(self._alarm.criterion, self._alarm.fact)

    def _look(self) -> None:
        while not self._over.is_set() and self._alarm is None:
            for name, probes in self._seen.items():
                probes.append(
                    probe(
                        urljoin(self._base, name),
                        headers=self._headers,
                        limit_s=self._watch.probe_limit_s,
                    )
                )
                answers = [Answer(one.started, one.status, one.total_s) for one in probes]
                self._alarm = self._alarm or judge_errors(name, answers)
            self._over.wait(self._watch.probe_every_s)
