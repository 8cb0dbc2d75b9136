"""Looking for lock boards: on every port each family is asked for its doors, address by address.

The law of this file: only a family's own question for door contacts is ever sent, never a pulse; one
family hangs on a port, so the first that answers ends the search for others there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from drivers.boards import Codec
from drivers.locks.exchange import Asker, Ear, drain, quiet_ms
from drivers.locks.families import FAMILIES
from drivers.locks.port import Port, PortGone
from kiosk.config_table import ConfigError

PROBE_MS = 300  # the slowest board seen answers a question within 200
BY_INPUTS = (8, 16, 32)  # Waveshare boards know no question for more inputs than they have
INPUTS_FAMILY = "waveshare-modbus"


@dataclass(frozen=True, slots=True)
class Looking:
    """How far the search is: what is being asked now."""

    port: Path
    family: str
    board: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Answering:
    """The boards that answer on one port: how many contacts each address tells."""

    port: Path
    family: str
    boards: Mapping[int, int]


Told = Callable[[Looking], bool]  # False: stop looking


@dataclass(frozen=True, slots=True)
class Search:
    """What to ask for. `bauds`: ports that are configured with another speed than as delivered."""

    families: Sequence[str]
    addresses: range | None
    told: Told
    up_ms: Callable[[], int]
    bauds: Mapping[Path, int] = field(default_factory=dict)


def look(
    ports: Sequence[Path], search: Search, *, passing_over: bool = False
) -> tuple[Answering, ...] | None:
    """Ask on every port; None: stopped by whoever was told.

    `passing_over`: a port that is held by something else is no matter, as long as another answers.

    Raises:
        ConfigError: a port is held by another program, may not be opened, or vanished.
    """
    found, shut = [], []
    for path in ports:
        for family in search.families:
            codec = FAMILIES[family]
            port = Port(path, search.bauds.get(path, codec.baud))
            if not port.open():
                shut.append(path)
                break
            boards = _family(port, path, codec, search)
            if boards is None:
                return None
            if boards:
                found.append(Answering(path, family, boards))
                break
    if shut and not (passing_over and found):
        raise ConfigError(why_shut(shut[0]))
    return tuple(found)


def _family(port: Port, path: Path, codec: Codec, search: Search) -> dict[int, int] | None:
    wanted = search.addresses
    boards = [n for n in codec.boards if wanted is None or n in wanted]
    asker = Asker(port, codec, search.bauds.get(path, codec.baud), search.up_ms)
    found: dict[int, int] = {}
    ear = Ear(None)
    try:
        for at, board in enumerate(boards):
            if not search.told(Looking(path, codec.family, board, at, len(boards))):
                return None
            contacts, ear = _contacts(asker, board, ear)
            if contacts:
                found[board] = contacts
    except PortGone as gone:
        raise ConfigError(f"{gone}; no lock was pulsed. Plug it in again and start anew") from gone
    finally:
        port.close()
    return found


def _contacts(asker: Asker, board: int, ear: Ear) -> tuple[int, Ear]:
    """How many contacts this board tells, 0: it is not there; and whether the line echoes."""
    codec, contacts = asker.codec, 0
    for count in _counts(codec):
        drain(asker.line, quiet_ms(asker.baud))
        request = codec.query(board, count)
        quick = replace(request, answer_ms=min(request.answer_ms, PROBE_MS))
        heard = asker.ask(quick, ear, lambda: False)
        ear = Ear(heard.echo)
        if heard.answer is None or heard.answer.refused:
            break
        contacts = min(len(heard.answer.contacts), codec.channels)
    return contacts, ear


def _counts(codec: Codec) -> Iterator[int]:
    """How many contacts to ask for, one after the other, as long as the board goes along."""
    if codec.family == INPUTS_FAMILY:
        yield from (n for n in BY_INPUTS if n <= codec.channels)
    else:
        yield codec.channels


def why_shut(path: Path) -> str:
    """A port cannot be opened, for a person."""
    if not path.exists():
        return f"{path}: there is no such port; no lock was pulsed. Is the adapter plugged in?"
    return (
        f"{path}: cannot be opened; no lock was pulsed. Another program holds it (stop the kiosk: "
        "systemctl stop kiosk), or this user may not use it (group dialout)"
    )
