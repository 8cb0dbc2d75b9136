"""Which compartments hold papers, from this kiosk's own journal. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk import identity
from kiosk.config import Config
from kiosk.core.memory import Held
from kiosk.core.site import Site
from kiosk.journal import Journal
from kiosk.replay import memory_of
from kiosk.version import BUILT_MS, VERSION

JOURNAL = "journal.db"


@dataclass(frozen=True, slots=True)
class Papers:
    """`sure`: papers lie there. `maybe`: those, and every one that is not known to be free."""

    sure: frozenset[int] = frozenset()
    maybe: frozenset[int] = frozenset()


def papers(config: Config) -> Papers:
    """What the journal says of the configured compartments; without a journal none holds any.

    Raises:
        JournalError: it is there and cannot be believed.
        IdentityError: it is there, but the keys are not.
    """
    path = config.data / JOURNAL
    if not path.exists():
        return Papers()
    keys, enrolment = identity.run_keys(config.keys), identity.enrolment(config.keys)
    site = Site(
        kiosk=enrolment.kiosk,
        epoch=enrolment.epoch,
        unit=config.unit,
        address=config.address,
        hotline=config.hotline,
        language=config.language,
        version=VERSION,
        built_ms=BUILT_MS,
        compartments=config.cabinet.compartments,
    )
    journal = Journal.read_only(path, key=keys.statement)
    try:
        known = memory_of(journal, site).memory.compartments
    finally:
        journal.close()
    free = {n for n, one in known.items() if one.held is Held.FREE and not one.unchecked}
    numbers = {plan.number for plan in config.cabinet.compartments}
    return Papers(
        frozenset(n for n, one in known.items() if one.held is Held.OCCUPIED),
        frozenset(numbers - free),
    )
