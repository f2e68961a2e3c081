"""When a request to Huntflow may be sent, so that within no second more than so many arrive.

A request arrives at some moment between its sending and its answer; only Huntflow knows when. So
there are as many places as requests are allowed a second, and one is kept from the sending until a
second after the answer: two requests that use it one after the other arrive a second apart, and by
Huntflow's own clock no more fit into any second than there are places. Moments are microseconds.
"""

from dataclasses import dataclass, replace

SECOND = 1_000_000
# A hundredth more than a second, since clocks are put right by running faster or slower.
KEPT_AFTER_ANSWER = SECOND + SECOND // 100
# Longer than the client waits for any answer; only a killed process uses it up.
KEPT_AT_MOST = 120 * SECOND
# A moment further ahead than any pause that is asked for comes from a clock that was wrong.
LONGEST_HOLD = 3600 * SECOND


@dataclass(frozen=True)
class Turns:
    """No request before `next_at`; each of `kept` is the moment until which a place is taken."""

    next_at: int = 0
    kept: tuple[int, ...] = ()

    def as_of(self, now: int) -> "Turns":
        """Without what is over, and without what a wrong clock left."""
        next_at = self.next_at if self.next_at <= now + LONGEST_HOLD else 0
        kept = sorted(one for one in self.kept if now < one <= now + KEPT_AT_MOST)
        return Turns(next_at, tuple(kept))


def opens_at(turns: Turns, now: int, per_second: int) -> int:
    """`now`, or the moment at which to look again."""
    current = turns.as_of(now)
    too_many = len(current.kept) - per_second
    if too_many < 0:
        return max(now, current.next_at)
    # The answer may come at any moment, and then the place is free sooner than it says.
    place = min(current.kept[too_many], now + KEPT_AFTER_ANSWER)
    return max(now, current.next_at, place)


def taken(turns: Turns, now: int, per_second: int) -> tuple[Turns, int]:
    """With one more place taken, and the moment that names it. The turn must have come."""
    current = turns.as_of(now)
    place = now + KEPT_AT_MOST
    interval = -(-SECOND // per_second)  # spread over the second, and not all at its beginning
    return Turns(now + interval, (*current.kept, place)), place


def answered(turns: Turns, place: int, now: int) -> Turns:
    """The request of a place has been answered, or given up."""
    kept = list(turns.as_of(now).kept)
    if place in kept:
        kept.remove(place)
    return replace(turns, kept=(*kept, now + KEPT_AFTER_ANSWER))
