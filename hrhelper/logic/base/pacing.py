"""How long background work rests, so that people's requests get their turn."""

# With three parts of rest to one of work the database's write lock is free three quarters of
# the time, and SQLite's waiting writers, which look again every few milliseconds, find it so.
REST_PER_WORK = 3.0
SHORTEST_REST_S = 0.05
LONGEST_DELAY_S = 300.0


def rest_after(worked_s: float) -> float:
    """Seconds to rest after a batch that took `worked_s` seconds."""
    return max(SHORTEST_REST_S, REST_PER_WORK * worked_s)


def delay_after_failures(failures: int, every_s: float) -> float:
    """Seconds until the next try after so many failures in a row: doubling, up to 5 minutes."""
    return min(LONGEST_DELAY_S, every_s * 2.0 ** min(failures - 1, 16))
