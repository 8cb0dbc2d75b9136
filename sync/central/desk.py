"""What every route needs at hand: the store, the bells of waiting kiosks, the messenger's elbow."""

from __future__ import annotations

import logging

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from sync.central.notices import send_due
from sync.central.store import Store
from sync.central.waiting import Doorbells, heard

TICK_S = 5.0  # how late a message may leave that nothing announces
_MESSENGER = "messenger"
_LOG = logging.getLogger("kiosk.central")


class Desk:
    """Made on the event loop when the application starts."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.bells = Doorbells()

    def poke(self) -> None:
        """Messages may be due; from any thread."""
        self.bells.ring(_MESSENGER)

    async def send_messages(self) -> None:
        """Send what is due, again and again, until the bells are closed or this is cancelled."""
        with self.bells.listening(_MESSENGER) as bell:
            while not self.bells.closed:
                try:
                    while await run_in_threadpool(send_due, self.store):
                        pass
                except (OSError, SQLAlchemyError) as error:
                    # What did not leave is still queued; the next tick tries again.
                    _LOG.warning("messages cannot leave: %s", type(error).__name__)
                await heard(bell, TICK_S)


def desk_of(request: Request) -> Desk:
    """The desk of the application that took this request."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk
