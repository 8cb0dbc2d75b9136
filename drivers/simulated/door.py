"""One simulated door: leaf, latch, spring, contact, and the papers behind it.

The law of this file: a door moves only by its spring, a hand, the wind or a key, and its contact
follows the leaf with bounce. A door is told the time (`at`) and works out what happened since; it
has no clock, and its only chance is the random source it was given. Times are `Cabinet.now_ms`.
"""

from __future__ import annotations

from random import Random

from drivers.doors import Reading

HOLD_MS = 3_000  # a freed latch stays back this long, so that a hand finds a springless door free
SPRING_MS = (20, 60)  # shortest and longest time from a free latch to a thrown leaf
BOUNCE_MS = 40  # a contact is at rest this long after its leaf moved
BOUNCE_PAIRS = 3  # at most so many times a contact opens and closes again before it rests


class Door:
    """One door, shut, empty and healthy at first. Hand verbs say whether the leaf moved."""

    def __init__(self, rng: Random, *, sprung: bool = True) -> None:
        self.is_open = False
        self.moved_ms = -BOUNCE_MS
        self.papers: list[str] = []
        self.jammed = False
        self.sprung = sprung
        self.stuck: Reading | None = None
        self._built_sprung = sprung
        self._rng = rng
        self._now = 0
        self._free_until = 0
        self._flips: list[int] = []
        self.pops_ms: int | None = None

    def at(self, now_ms: int) -> None:
        """Let time pass: a spring that was let go may throw the leaf."""
        assert now_ms >= self._now, "time runs forward"
        if self.pops_ms is not None and self.pops_ms <= now_ms:
            self._now, self.pops_ms = self.pops_ms, None
            self._move(is_open=True)
        self._now = now_ms

    def free(self) -> None:
        """The coil has drawn the latch back."""
        self._free_until = self._now + HOLD_MS
        self._let_spring_go()

    def pull(self) -> bool:
        """A hand pulls: only a free latch lets it."""
        return self._now < self._free_until and self._move(is_open=True)

    def push(self) -> bool:
        """A hand, or the wind, shuts the leaf, and the latch catches."""
        return self._move(is_open=False)

    def turn_key(self) -> bool:
        """The staff key draws the latch back and the hand opens."""
        return self._move(is_open=True)

    def reading(self) -> Reading:
        """What the contact says at this very moment; it may be bouncing."""
        if self.stuck is not None:
            return self.stuck
        odd = sum(flip > self._now for flip in self._flips) % 2
        return Reading.OPEN if self.is_open != bool(odd) else Reading.CLOSED

    def break_spring(self) -> None:
        """From now on the leaf stays where it is when the latch goes free."""
        self.sprung, self.pops_ms = False, None

    def jam(self) -> None:
        """Hold the leaf fast where it is, against spring, hand and key."""
        self.jammed, self.pops_ms = True, None

    def mend(self) -> None:
        """Leaf, spring and contact are as built; a latch still free lets the spring go."""
        self.jammed, self.stuck, self.sprung = False, None, self._built_sprung
        self._let_spring_go()

    def _let_spring_go(self) -> None:
        held = self.jammed or self.is_open or not self.sprung or self._now >= self._free_until
        if not held and self.pops_ms is None:
            self.pops_ms = self._now + self._rng.randint(*SPRING_MS)

    def _move(self, *, is_open: bool) -> bool:
        if self.jammed or self.is_open == is_open:
            return False
        self.is_open, self.moved_ms = is_open, self._now
        # An open leaf needs no latch; a shut one caught.
        self._free_until, self.pops_ms = self._now, None
        pairs = self._rng.randint(0, BOUNCE_PAIRS)
        # An even number of flips, so that the contact ends where the leaf is.
        self._flips = [self._now + self._rng.randint(1, BOUNCE_MS - 1) for _ in range(2 * pairs)]
        return True
