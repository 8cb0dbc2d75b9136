"""The database as units of work, and the few things that every one of them needs.

The law of this file: one unit is one transaction, and everything about a kiosk happens under that
kiosk's row lock. A change that a waiting kiosk must hear of is told to every replica by the commit
that makes it. Time is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import event, func, inspect, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.pool import QueuePool

from sync.central.alarm_words import advice
from sync.central.database import (
    POSTGRES,
    BusyError,
    UnkeepableError,
    judged,
    open_engine,
    plain_url,
    read_url,
)
from sync.central.migrate import check_secrets, migrate
from sync.central.settings import Settings, SettingsError
from sync.central.tables import Alarm, Kiosk
from sync.central.vault import Vault

CHANNEL = "kiosk_changed"  # of LISTEN/NOTIFY; the payload is the kiosk's id
MOST_DETAIL = 200  # characters of an alarm's text
MOST_TRIES = 5
AGAIN_MS = 60 * 60 * 1000
_ALARMS = 0x686F736F02  # advisory lock: alarms are being written (shared) or read (alone)
_RAISED = "raised"  # kinds of alarms in a session, told to `on_alarm` once they are committed
T = TypeVar("T")


class UnknownError(LookupError):
    """There is no such kiosk, result, holder or compartment; the text names it."""


class Store:
    """`now` is wall time in milliseconds; `on_alarm` hears the kind of every alarm that is kept.

    Raises:
        StoreError: the database cannot be reached.
        SettingsError: it is newer than this program, or belongs to other secrets.
    """

    def __init__(self, settings: Settings, now: Callable[[], int]) -> None:
        self.settings = settings
        self.now = now
        self.on_alarm: Callable[[str], None] = lambda _: None
        self.vault = Vault(settings.derived("at rest"))
        self.stamp_secret = settings.derived("stamps")
        self.fingerprint_secret = settings.derived("fingerprints")
        url = read_url(settings.database_url())
        self.engine = open_engine(url)
        self._postgres = self.engine.dialect.name == POSTGRES
        self.listen_url = plain_url(url) if self._postgres else ""  # "": nobody else serves
        try:
            migrate(self.engine)
            check_secrets(self.engine, settings)
        except SQLAlchemyError as error:
            self.engine.dispose()
            raise judged(error) from error
        except SettingsError:
            self.engine.dispose()
            raise

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back when something is raised.

        Raises:
            BusyError, DownError, UnkeepableError: see `database`; nothing was changed.
        """
        try:
            kind_of = _TellingSession if self._postgres else Session
            with kind_of(self.engine, expire_on_commit=False) as session, session.begin():
                yield session
        except SQLAlchemyError as error:
            raise judged(error) from error
        except UnicodeEncodeError as error:
            raise UnkeepableError("a text holds half a character") from error
        for kind in session.info.get(_RAISED, ()):
            self.on_alarm(kind)

    def run(self, unit: Callable[[Session], T]) -> T:
        """One transaction, tried anew (`MOST_TRIES` in all) when others were at the same rows.

        `unit` must change nothing but the database.

        Raises:
            BusyError, DownError, UnkeepableError: as `begin`.
        """
        for _ in range(MOST_TRIES - 1):
            try:
                with self.begin() as session:
                    return unit(session)
            except BusyError:
                continue
        with self.begin() as session:
            return unit(session)

    def close(self) -> None:
        """Close the connections; the store may not be used after."""
        self.engine.dispose()

    def connections(self) -> int:
        """How many are in use now."""
        pool = self.engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    def kiosk(self, session: Session, kiosk: str) -> Kiosk:
        """The kiosk's row, locked until the transaction ends, as the last one left it.

        Raises:
            UnknownError: no such kiosk.
        """
        # Rows that only refer to the kiosk need not wait (`key_share`).
        wanted = select(Kiosk).where(Kiosk.id == kiosk).with_for_update(key_share=True)
        row = session.scalar(wanted, execution_options={"populate_existing": True})
        if row is None:
            raise UnknownError(f"no kiosk {kiosk[:64]!r}")
        return row

    def alarm(
        self,
        session: Session,
        kiosk: str,
        kind: str,
        detail: str,
        *,
        what: str = "",
        compartment: int = 0,
    ) -> None:
        """Keep something that a person must see; never a secret. `what` refines the kind."""
        if self._postgres:
            session.execute(select(func.pg_advisory_xact_lock_shared(_ALARMS)))
        text = "".join(c if c.isprintable() else "?" for c in detail[:MOST_DETAIL])
        row = Alarm(kiosk=kiosk, kind=kind, what=what, compartment=compartment, detail=text)
        row.urgency, row.at_ms = int(advice(kind, what).urgency), self.now()
        session.add(row)
        session.info.setdefault(_RAISED, []).append(kind)

    def alarm_again(self, session: Session, kiosk: str, kind: str, detail: str) -> None:
        """As `alarm`, but not the very same once more within `AGAIN_MS`: it repeats by itself."""
        same = (Alarm.kiosk == kiosk, Alarm.kind == kind, Alarm.detail == detail)
        recent = select(Alarm.id).where(*same, Alarm.at_ms > self.now() - AGAIN_MS).limit(1)
        if session.scalar(recent) is None:
            self.alarm(session, kiosk, kind, detail)

    def settle_alarms(self, session: Session) -> None:
        """Wait until no alarm is half written: whoever pages by number must miss none.

        Numbers are given before commits: without this, 8 may be seen before 7 is there.
        """
        if self._postgres:
            session.execute(select(func.pg_advisory_xact_lock(_ALARMS)))


class _TellingSession(Session):
    """One whose changes other replicas may wait for."""


def _tell_replicas(session: Session, _: UOWTransaction) -> None:
    """In the transaction, so that it is heard if and only if the change is there, and after it."""
    for row in session.dirty:
        if isinstance(row, Kiosk) and inspect(row).attrs.revision.history.has_changes():
            session.connection().execute(select(func.pg_notify(CHANNEL, row.id)))


event.listen(_TellingSession, "after_flush", _tell_replicas)
