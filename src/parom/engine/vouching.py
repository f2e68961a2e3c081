"""A person's word for an item of a checklist that nothing measured."""

from __future__ import annotations

from parom.config.model import Config
from parom.engine.identity import person
from parom.errors import checklist as errors
from parom.journal import chain
from parom.journal.models import Run
from parom.plan.plan import Kind
from parom.report.checklist import wanted_of
from parom.report.deriving import report_of
from parom.report.leaving import leave_report
from parom.report.reading import sources_of
from parom.report.record import Mark
from parom.steps.rules import access_of

_COUNTS = (Mark.ASKS, Mark.VOUCHED)


def vouch(config: Config, run: Run, item: str, note: str) -> str:
    """Write down that whoever asks vouches for `item`; who that is.

    Raises `checklist.unknown-item`, `checklist.needs-evidence`, `checklist.not-open`,
    `checklist.refused`.
    """
    who = person()
    access = access_of(config)
    if access.has_rules and not access.roles_of(who):
        chain.append(run.id, "vouching-refused", "", {"who": who, "item": item})
        raise errors.refused(who)
    wanted = [one for _, items in wanted_of(Kind(run.kind)) for one in items]
    known = {one.id: one for one in wanted}
    open_to = tuple(one.id for one in wanted if one.can_be_vouched)
    if item not in known:
        raise errors.unknown_item(item, open_to)
    if not known[item].can_be_vouched:
        raise errors.needs_evidence(item, open_to)
    lists = report_of(sources_of(run, config)).checklists
    mark = next(one.mark for each in lists for one in each.items if one.id == item)
    if mark not in _COUNTS:
        raise errors.not_open(item, mark.value)
    chain.append(run.id, "vouched", "", {"who": who, "item": item, "note": note})
    leave_report(config, run.id)
    return who
