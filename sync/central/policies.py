"""What a kiosk may do by itself: its policy, as its manifest carries it.

The law of this file: what was not said is the kiosk's own default, and nothing here loosens one (DESIGN §7).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from sync.central.store import Store
from sync.fields import Fields
from sync.messages import Policy
from sync.schema import read_policy


def policy_of(store: Store, kiosk: str) -> Policy:
    """As it holds, defaults filled in.

    Raises:
        UnknownError: no such kiosk.
    """
    return store.run(lambda session: _read(store.kiosk(session, kiosk).policy))


def set_policy(store: Store, kiosk: str, said: Mapping[str, Any]) -> Policy:
    """Replace all of it; the next manifest carries it. The same again changes nothing.

    Raises:
        UnknownError: no such kiosk. SchemaError: a limit is looser than the default, or no limit.
    """
    wanted = _read(said)

    def unit(session: Session) -> None:
        row = store.kiosk(session, kiosk)
        if row.policy != said:
            row.policy = dict(said)
            row.revision += 1

    store.run(unit)
    return wanted


def _read(said: Mapping[str, Any]) -> Policy:
    return read_policy(Fields(dict(said), "policy"))
