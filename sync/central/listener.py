"""Hearing from the other replicas, through PostgreSQL, which kiosks must look again.

The law of this file: what is heard only wakes; what counts is read from the tables. So nothing is
lost when this is down: everybody who waits looks every few seconds until it is up again, and once
more then.
"""

from __future__ import annotations

import asyncio
import logging
import random

import psycopg
from psycopg.sql import SQL, Identifier

from sync.central.database import CONNECT_S
from sync.central.store import CHANNEL
from sync.central.waiting import Doorbells, heard
from sync.pace import Backoff

LOOK_S = 5.0  # longest between two looks while it is down
CHECK_S = 20.0  # how often a silent connection is tried
ANSWER_S = 10.0
_LOG = logging.getLogger("kiosk.central")


class Listener:
    """One connection of its own. With an empty `url` (SQLite) nobody else serves: nothing to hear."""

    def __init__(self, url: str, bells: Doorbells) -> None:
        self._url = url
        self._bells = bells
        self.up = not url

    async def run(self) -> None:
        """Listen until cancelled, or until the bells are closed between two attempts."""
        if not self._url:
            return
        backoff = Backoff(random.uniform, LOOK_S)
        while not self._bells.closed:
            try:
                await self._listen(backoff)
            except (psycopg.Error, OSError) as error:
                if self.up:
                    _LOG.warning("other replicas are not heard: %s", type(error).__name__)
                self.up = False
            await heard(self._bells.end, backoff.failed())
            self._bells.ring_all()

    async def _listen(self, backoff: Backoff) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=CONNECT_S
        )
        async with connection:
            await connection.execute(SQL("LISTEN {}").format(Identifier(CHANNEL)))
            backoff.worked()
            self.up = True
            self._bells.ring_all()  # for what was not heard before
            while True:
                async for heard in connection.notifies(timeout=CHECK_S):
                    self._bells.ring(heard.payload)
                async with asyncio.timeout(ANSWER_S):
                    await connection.execute("SELECT 1")
