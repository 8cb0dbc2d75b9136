"""`run`'s side of a stick: the real worker, desk and socket over a real journal."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from kiosk import clock
from kiosk.core.effects import LookForStick, StickEffect
from kiosk.core.events import Event, StickSeen
from kiosk.desk import Desk
from kiosk.inbox import Inbox
from kiosk.line import LineServer, Requests
from kiosk.usb_desk import UsbDesk
from kiosk.work import Worker
from sync.messages import Kind
from tests.kiosk.station import NET_S, Station, said


class Bench:
    """`run`'s side of it: worker, desk and socket over a real journal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.station = Station(folder)
        self.journal = self.station.journal()
        self.inbox = Inbox()
        self.usb = UsbDesk(clock.up_ms)
        st = self.station
        nowhere = folder / "nowhere"
        self.worker = Worker(self.inbox.post, st.keys, st.enrolment, st.reader, nowhere, self.usb)
        requests = Requests(
            Desk(),
            st.reader,
            self.worker.open_manifest,
            self.worker.believe_rows,
            lambda: None,
            self.usb,
            "bt1",
        )
        self.socket = folder / "run.sock"
        self.server = LineServer(self.socket, requests, "")
        self.server.start()

    def close(self) -> None:
        self.server.close()
        self.worker.close()
        self.journal.close()

    def states(self, count: int) -> list[str]:
        first = self.journal.head.seq + 1
        rows = [said(seq, Kind.RATED) for seq in range(first, first + count)]
        return [self.journal.append(row).compact for row in rows]

    def told(self, effect: StickEffect) -> Event:
        self.worker.stick(effect)
        event = self.inbox.take(NET_S)
        assert event is not None
        return cast(Event, event)

    def until_seen(self) -> None:
        """A helper has said that it is there."""
        while self.told(LookForStick()) != StickSeen(present=True):
            pass
