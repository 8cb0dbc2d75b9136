"""What a simulated machine does with own rows that come back, as `kiosk run` does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kiosk.core.effects import AnswerRows, Effect, KeepManifest, TakeIn
from kiosk.core.events import Event
from kiosk.core.memory import Memory
from kiosk.core.site import Site
from kiosk.core.state import State
from kiosk.journal_values import Damaged, JournalError, JournalPort, Reason
from kiosk.restoring import believed, weigh
from sync.messages import Head, Statement
from tests.simulation import keys
from tests.simulation.ladder import replayed
from tests.simulation.moments import Moment, Stated, TakenIn
from tests.simulation.plan import KIOSK


class GivenBack:
    """The half of the machine that takes rows back; the other half is `Machine`."""

    site: Site
    state: State | None
    journal: JournalPort | None
    durable: Memory
    disk_fails: Reason | None
    runs: int
    told: AnswerRows | None = None
    restored = False  # rows came back, and the manifest that they name may not be here
    _tell: Callable[[Moment], None]

    def deliver(self, event: Event) -> None:
        """One event through the core, and its effects carried out."""
        raise NotImplementedError

    def boot(self, *, rebooted: bool) -> None:
        """Start the core from what lies on the disk."""
        raise NotImplementedError

    def offer_rows(self, items: Sequence[str | Damaged], head: Head) -> AnswerRows | None:
        """Somebody gives own rows back; the answer, None when the machine went down over it."""
        if self.state is None or self.journal is None or self.disk_fails is not None:
            return None
        self.told = None
        offered = believed(items, head, 1, keys.STATEMENT, (KIOSK, 1))
        self.deliver(weigh(self.journal, offered, self.state.head_named))
        return self.told

    def _restore(self, effect: Effect, event: Event | None) -> None:
        assert self.journal is not None
        match effect:
            case AnswerRows():
                self.told = effect
            case KeepManifest(ver, name, sealed):
                self.journal.keep_again(ver, name, sealed)
            case TakeIn(statements):
                self._take_in(self.journal, statements, event)

    def _take_in(
        self, journal: JournalPort, statements: tuple[Statement, ...], event: Event | None
    ) -> None:
        if self.disk_fails is not None:
            raise JournalError(self.disk_fails, "the simulated disk refuses")
        journal.take_in(statements)
        self.restored = True
        self.durable = replayed(journal, self.site, full=True)
        self._tell(TakenIn())
        for statement in statements:
            self._tell(Stated(statement, event))

    def _begin_anew(self) -> None:
        """Another journal lies on the disk."""
        assert self.journal is not None
        self.state = None
        self.journal.close()
        self.runs += 1
        self.boot(rebooted=False)
