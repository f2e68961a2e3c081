"""The fast lane: grossly slower, in several blocks of time in a row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FastLane:
    """Blocks of `block_s`, the first at `begins_at` (epoch seconds). A block is slow where more
    than half of its answers took `slow_s` or longer, which is to say that its median did."""

    slow_s: float
    begins_at: float
    block_s: float
    expected: int
    """Probes in a block: a block in which more than half of so many were slow is decided."""
    needed: int
    """Slow blocks in a row."""
    in_a_row: int = 0
    """Slow blocks that are over."""
    block: int = 0
    slow: int = 0
    total: int = 0

    def after(self, at: float, seconds: float) -> FastLane:
        """The lane one answer later; `at` is not before `begins_at`."""
        block = int((at - self.begins_at) // self.block_s)
        slow = seconds >= self.slow_s
        if block == self.block:
            return self._with(self.in_a_row, block, self.slow + slow, self.total + 1)
        # A block without any answer is between them where the number grew by more than one.
        unbroken = self._block_is_slow and block == self.block + 1
        return self._with(self.in_a_row + 1 if unbroken else 0, block, int(slow), 1)

    @property
    def alarmed(self) -> bool:
        """Before a block is over its majority may be certain already."""
        certain = 2 * self.slow > max(self.expected, self.total)
        return self.in_a_row + certain >= self.needed

    @property
    def _block_is_slow(self) -> bool:
        return 2 * self.slow > self.total

    def _with(self, in_a_row: int, block: int, slow: int, total: int) -> FastLane:
        return FastLane(
            self.slow_s,
            self.begins_at,
            self.block_s,
            self.expected,
            self.needed,
            in_a_row,
            block,
            slow,
            total,
        )
