"""What every route needs at hand: the store, the bells of waiting kiosks, the messenger's elbow."""

from __future__ import annotations

import asyncio
import logging

from anyio import CapacityLimiter
from fastapi import Request
from starlette.concurrency import run_in_threadpool

from sync.central import alarm_messages
from sync.central.adapters import adapters_of
from sync.central.alarm_duty import tell_technicians
from sync.central.api_keys import Pace
from sync.central.crowd import Crowd
from sync.central.database import StoreError
from sync.central.duty import tell_of_holding
from sync.central.figures import Figures
from sync.central.letters import SMS
from sync.central.listener import Listener
from sync.central.notices import send_due
from sync.central.rotation import alarm_late
from sync.central.store import Store
from sync.central.waiting import Doorbells, heard

TICK_S = 5.0  # how late a message may leave that nothing announces
DUTY_S = 60.0  # how late a reminder may be queued
_MESSENGER = "messenger"
_LOG = logging.getLogger("kiosk.central")


class Desk:
    """Made on the event loop when the application starts."""

    def __init__(self, store: Store, figures: Figures) -> None:
        self.store = store
        self.figures = figures
        self.bells = Doorbells()
        self.crowd = Crowd()
        # Threads of their own for whoever asks how we are: in a crush a balancer that hears nothing
        # would send everybody to the other replicas.
        self.lookouts = CapacityLimiter(2)
        limits = store.settings
        self.pace = Pace(limits.rate_per_minute, limits.rate_burst, store.now)
        self.listener = Listener(store.listen_url, self.bells)

    def poke(self) -> None:
        """Messages may be due; from any thread."""
        self.bells.ring(_MESSENGER)

    def _ends(self) -> bool:
        return self.bells.closed

    async def send_messages(self) -> None:
        """Queue and send what is due, again and again, until the bells are closed or this is cancelled."""
        clock = asyncio.get_running_loop().time
        adapters, duty_at = adapters_of(self.store.settings), clock()
        with self.bells.listening(_MESSENGER) as bell:
            while not self.bells.closed:
                try:
                    if clock() >= duty_at:
                        duty_at = clock() + DUTY_S
                        await run_in_threadpool(tell_of_holding, self.store)
                        await run_in_threadpool(alarm_late, self.store)
                        await run_in_threadpool(tell_technicians, self.store)
                    while sent := await run_in_threadpool(send_due, self.store, adapters):
                        self.figures.sent.inc(sent)
                        if self._ends():  # the rest leaves after the next start, or elsewhere
                            break
                    await run_in_threadpool(alarm_messages.send_due, self.store, adapters[SMS])
                except (OSError, StoreError) as error:
                    # What did not leave is still queued; the next tick tries again.
                    _LOG.warning("messages cannot leave: %s", type(error).__name__)
                await heard(bell, TICK_S)


def desk_of(request: Request) -> Desk:
    """The desk of the application that took this request."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk
