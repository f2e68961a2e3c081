"""What the graph of migrations must be before anything is stopped."""

from __future__ import annotations

from parom.facts import Level, Migration, MigrationFacts
from parom.gates.migrations import judge

FIRST, SECOND = Migration("shop", "0001_initial"), Migration("shop", "0002_second")


def facts(
    *,
    pending: tuple[Migration, ...] = (),
    conflicts: tuple[tuple[str, tuple[str, ...]], ...] = (),
    unknown: tuple[Migration, ...] = (),
) -> MigrationFacts:
    return MigrationFacts((FIRST,), (FIRST, SECOND), pending, conflicts, unknown)


def test_a_clean_graph_has_no_findings() -> None:
    """Silence means that nothing is to be done."""
    assert judge(facts(), ()) == ()


def test_conflicts_stop_with_names_and_cure() -> None:
    """Django would refuse after the stop."""
    (finding,) = judge(facts(conflicts=(("shop", ("0002_a", "0002_b")),)), ())
    assert finding.level is Level.ERROR
    assert "0002_a, 0002_b" in finding.fact
    assert "makemigrations --merge" in finding.cure


def test_a_database_newer_than_the_code_stops_with_names() -> None:
    """Old code on a new database fails in ways that no check foresees."""
    (finding,) = judge(facts(unknown=(Migration("shop", "0009_future"),)), ())
    assert finding.level is Level.ERROR
    assert "shop.0009_future" in finding.fact


def test_model_changes_without_a_migration_warn() -> None:
    """Third-party apps have such changes too, so it cannot be an error."""
    (finding,) = judge(facts(), ("shop: Add field price to item",))
    assert finding.level is Level.WARNING
    assert "makemigrations" in finding.cure


def test_pending_migrations_are_listed_in_order() -> None:
    """The plan shows them; they stop nothing."""
    (finding,) = judge(facts(pending=(FIRST, SECOND)), ())
    assert finding.level is Level.INFO
    assert finding.fact == "2 pending: shop.0001_initial, shop.0002_second"
