"""Any sequence of writes, migrations, openings, crashes and returns, as hypothesis thinks it up.

Each rule acts by Parom's own steps, and the reader looks at the whole database before and after.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from parom.steps.step import Data
from tests.models import putting_back
from tests.models.bed import FIRST_MIGRATION, Bed, MigrationError, Named, State
from tests.models.deployment import Crash, Deployment
from tests.models.drawing import CRASHES, CROSSINGS, MEANWHILE, Drawn
from tests.models.evolving import Drawn as Operation
from tests.models.evolving import evolved, in_migrations, is_of_data
from tests.models.law import Crossing, Name, differing, listed_in, not_kept
from tests.models.putting_back import Left
from tests.models.runs import Run, ids_in
from tests.models.schema import FIRST, Number, Schema
from tests.models.writing import TRANSACTIONS, Writer
from tests.models.writing import Drawn as Statement


class Model(RuleBasedStateMachine):
    """What should be so, beside what is."""

    bed: ClassVar[Bed]

    def __init__(self) -> None:
        super().__init__()
        self.top = Path(tempfile.mkdtemp(prefix="parom-model-"))
        self.bed.begin(self.top)
        self.schema: Schema = FIRST
        self.migrations: Named = [FIRST_MIGRATION]
        self.runs: list[Run] = []
        self.left: list[Left] = []
        self.number = 1
        self.live = self.bed.state(self.schema)
        self.given: dict[Number, set[int]] = {}
        self._note_ids(self.live)

    def teardown(self) -> None:
        self.bed.end()
        shutil.rmtree(self.top)

    @rule(transactions=TRANSACTIONS)
    def write(self, transactions: Sequence[Sequence[Statement]]) -> None:
        """A user's transactions, acknowledged or not."""
        for one in transactions:
            self._write(one)

    def _write(self, statements: Sequence[Statement]) -> None:
        writer: Writer | None = None
        try:
            with self.bed.writing() as run:
                writer = Writer(self.bed, self.schema, run)
                for one in statements:
                    writer.write(one)
        except self.bed.error as problem:
            note(f"  {'; '.join(writer.told if writer else [])} -- {problem}")
            assert self.bed.state(self.schema) == self.live
            return
        note(f"  {'; '.join(writer.told)}")
        self._touch(writer.written)
        for number, given in writer.ids:
            known = self.given.setdefault(number, set())
            assert given not in known, f"{self.schema.tables[number].name} gave {given} twice"
            known.add(given)
        self._see(self.bed.state(self.schema))

    @initialize(one=CROSSINGS)
    def deploy_first(self, one: Drawn) -> None:
        """Whatever else hypothesis leaves out."""
        self._deploy(one)

    @precondition(lambda self: len(self.runs) < 3)
    @rule(one=CROSSINGS)
    def deploy(self, one: Drawn) -> None:
        """On top of those that were not taken back."""
        self._deploy(one)

    def _deploy(self, one: Drawn) -> None:
        """One that stays, or is taken back: before it is opened, or after somebody wrote."""
        operations, after = evolved(self.schema, one.operations)
        if not operations:
            return
        parts = in_migrations(operations)
        names = [f"{self.number + place:04d}" for place in range(1, len(parts) + 1)]
        migrations = list(zip(names, parts, strict=True))
        if not self._crossed(migrations, operations, after, one.crashes, again=one.again):
            return
        if one.ends == "early":
            self._return_unseen(one.crashes)
            return
        self._open()
        self.write(one.transactions)
        if one.meddling:
            self._migrate_by_hand(one.meddling)
            self.write(one.transactions)
        if one.ends != "open":
            self._return(one.crashes, one.ends, one.meanwhile)
            if one.puts_back and self.left and not one.meddling:
                self._put_back(self.left[-1], 4, looked_at=True)

    @precondition(lambda self: len(self.runs) < 3 and self._left_before())
    @rule(which=st.integers(0, 3), crashes=CRASHES)
    def deploy_again(self, which: int, crashes: Sequence[Crash]) -> None:
        """A release that was taken back: its migrations, as they were."""
        found = self._left_before()
        one = found[which % len(found)]
        for number in one.after.tables.keys() - self.schema.tables.keys():
            self.given.pop(number, None)  # its table is made anew, and counts from one
        operations = [each for _, several in one.migrations for each in several]
        if self._crossed(one.migrations, operations, one.after, crashes, again=False):
            self._open()

    def _left_before(self) -> list[Left]:
        return [one for one in self.left if one.before == self.schema]

    def _crossed(
        self,
        migrations: Named,
        operations: Sequence[str],
        after: Schema,
        crashes: Sequence[Crash],
        *,
        again: bool,
    ) -> bool:
        """Up to where it could be opened; False where the migration failed, and it went back."""
        self.number += len(migrations)
        listed = [*self.migrations, *migrations]
        note(f"  {migrations}")
        replay = self.bed.release.tell(self.bed.name, listed)
        deployment = Deployment(
            self.bed, self.top / "parom", f"run{self.number:04d}", migrations, replay
        )
        crossing = Crossing(self.schema, after, self.live)
        crossing.has_data = any(map(is_of_data, operations))
        given = {number: set(ids) for number, ids in self.given.items()}
        self.runs.append(Run(deployment, crossing, operations, given, self.migrations))
        deployment.begin(crashes)
        try:
            self.bed.release.migrate(self.bed.name, listed)
            if again:
                self.bed.database().start_over(deployment.run_id)
                self.bed.release.migrate(self.bed.name, listed)
        except MigrationError as problem:
            note(f"  -- {problem}")
            self._return_unseen(crashes)
            return False
        self.migrations, self.schema = listed, after
        deployment.look_at_data()
        deployment.watch(crashes)
        return True

    def _migrate_by_hand(self, drawn: Sequence[Operation]) -> None:
        """Somebody does without Parom, while the capture runs; one migration for each."""
        for each in drawn:
            operations, after = evolved(self.schema, [each])
            if operations:
                self._migrated_by_hand(operations, after)

    def _migrated_by_hand(self, operations: Sequence[str], after: Schema) -> None:
        self.number += 1
        listed = [*self.migrations, (f"{self.number:04d}", operations)]
        note(f"  by hand: {listed[-1]}")
        try:
            self.bed.release.migrate(self.bed.name, listed)
        except MigrationError as problem:
            note(f"  -- {problem}")
            return
        for number in self.schema.tables.keys() - after.tables.keys():
            self.given.pop(number, None)  # what it counted is gone with it
        self.migrations, self.schema = listed, after
        self.live = self.bed.state(after)
        self.runs[-1].crossing.by_hand = after
        self._note_ids(self.live)

    def _open(self) -> None:
        """From here on what is written is somebody's."""
        self.bed.database().clear_capture()
        self.live = self.bed.state(self.schema)
        self.runs[-1].crossing.opening = self.live
        # Where Django makes a table anew SQLite counts from the highest id that is left in it.
        self.given = {}
        self._note_ids(self.live)

    def _return_unseen(self, crashes: Sequence[Crash]) -> None:
        """Before anybody was let in: exactly what was there before."""
        run = self.runs[-1]
        run.deployment.come_back_unseen(crashes)
        self._is_back(run)
        assert self.bed.state(self.schema) == run.crossing.snapshot
        self.live, self.given = run.crossing.snapshot, run.given

    @precondition(lambda self: self.runs)
    @rule(
        crashes=CRASHES,
        ends=st.sampled_from(["back", "back", "by hand", "given up"]),
        meanwhile=MEANWHILE,
    )
    def return_late(
        self,
        crashes: Sequence[Crash],
        ends: str,
        meanwhile: Sequence[Sequence[Statement]] | None,
    ) -> None:
        """What was written comes along, or is listed."""
        self._return(crashes, ends, meanwhile)

    def _return(
        self,
        crashes: Sequence[Crash],
        ends: str,
        meanwhile: Sequence[Sequence[Statement]] | None,
    ) -> None:
        run, by_hand, prepared = self.runs[-1], ends == "by hand", None
        if meanwhile is not None:
            prepared = run.deployment.prepare(by_hand=by_hand)
            note("  carried ahead")
            self.write(meanwhile)
        context, listed = run.deployment.collect(crashes, prepared, by_hand=by_hand)
        run.deployment.swap(context, crashes)
        if ends == "given up":
            listed = run.deployment.give_up(context, crashes) or listed
        self._came_back(run, listed, was_given_up=ends == "given up")

    @precondition(lambda self: self.runs)
    @rule(crashes=CRASHES, swaps=st.booleans())
    def turn_forth(self, crashes: Sequence[Crash], swaps: bool) -> None:
        """A return by hand that is given up half-way: the newer database noticed nothing."""
        deployment = self.runs[-1].deployment
        context, _ = deployment.collect(crashes, by_hand=True)
        if swaps:
            deployment.swap(context, crashes)
        deployment.turn_forth(context, crashes)
        assert self.bed.state(self.schema) == self.live

    @precondition(lambda self: self.left)
    @rule(which=st.integers(0, 3), chosen=st.integers(0, 4), looked_at=st.booleans())
    def put_back(self, which: int, chosen: int, looked_at: bool) -> None:
        """Rows in quarantine, all of them or one."""
        self._put_back(self.left[which % len(self.left)], chosen, looked_at=looked_at)

    def _put_back(self, one: Left, chosen: int, *, looked_at: bool) -> None:
        before = self.live
        told = putting_back.put(self.bed, self.left, one, chosen, values_looked_at=looked_at)
        note(f"  {told}")
        self._see(self.bed.state(self.schema))
        _nothing(putting_back.broken(self.bed, one, self.schema, before, self.live))

    @invariant()
    def nothing_leads_nowhere(self) -> None:
        """As the database itself sees it."""
        _nothing(self.bed.unsound())

    def _came_back(self, run: Run, told: Data, *, was_given_up: bool) -> None:
        last, crossing = self.live, run.crossing
        self._is_back(run)
        self.live = self.bed.state(self.schema)
        listed = listed_in(self.bed, Path(told["file"]), crossing.last)
        not_covered = told["not_covered"]
        _nothing(not_kept(self.bed, crossing, last, self.live, listed, not_covered))
        if run.changes_names_alone and not was_given_up:
            assert listed == {}, "nothing but names changed"
        for number, ids in run.given.items():
            self.given[number] = ids | self.given.get(number, set())
        # Who migrated by hand may have given a table another's name: a line says no more of it.
        if listed and crossing.by_hand is None:
            self.left.append(run.left(last, self.live, listed))
        self._touch(differing(crossing.snapshot, self.live))

    def _is_back(self, run: Run) -> None:
        self.runs.pop()
        self.schema, self.migrations = run.crossing.before, run.migrations_before
        database = self.bed.database()
        keep = frozenset(one.deployment.run_id for one in self.runs)
        for one in database.stale(keep):
            database.discard(one)

    def _see(self, state: State) -> None:
        self._touch(differing(self.live, state))
        self.live = state

    def _touch(self, rows: set[Name]) -> None:
        for run in self.runs:
            run.crossing.touched |= rows

    def _note_ids(self, state: State) -> None:
        """Those of rows that migrations made."""
        for number, ids in ids_in(self.schema, state):
            self.given.setdefault(number, set()).update(ids)


def _nothing(found: Sequence[object]) -> None:
    assert not found, "\n".join(map(str, found))
