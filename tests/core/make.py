"""Small plain values for tests of one room of the core."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kiosk.core.clock import ClockState
from kiosk.core.fold import fold
from kiosk.core.memory import Memory, empty
from kiosk.core.merge import consequences
from kiosk.core.site import CompartmentPlan, Site
from kiosk.core.state import State
from sync.messages import (
    Clock,
    Head,
    Holder,
    Kind,
    Manifest,
    Otp,
    Policy,
    Result,
    Statement,
    Status,
    Token,
)

WALL_MS = 1_795_000_000_000
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 4226, Appendix D
OTHER_SECRET = "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U"

Said = tuple[Kind, Mapping[str, object]]


def a_site(*plans: CompartmentPlan) -> Site:
    """A ward with these compartments, or with two plain ones."""
    two = (CompartmentPlan(1, 1, 1), CompartmentPlan(2, 2, 1))
    return Site(
        kiosk="bt1",
        epoch=1,
        unit="Phường Bình Tiên",
        address="123 Đường Số 45",
        hotline="1022",
        language="vi",
        version="test",
        built_ms=WALL_MS - 86_400_000,
        compartments=plans or two,
    )


def a_holder(
    id_: str = "h1",
    *,
    known: str = "4821",
    gen: int = 1,
    counter: int = 0,
    secret: str = SECRET,
    token: Token | None = None,
) -> Holder:
    otp = Otp(gen=gen, secret=secret, digits=8, counter=counter)
    return Holder(id_, "self", "vi", known, otp, token)


def a_result(
    cid: str = "r1",
    *holders: Holder,
    status: Status = Status.LIVE,
    dossier: str = "H29.915-261121-0042",
    size: str = "A4",
    low: bool = False,
    fee_due: bool = False,
    place: str = "",
) -> Result:
    return Result(
        cid=cid,
        status=status,
        dossiers=(dossier,),
        recipient="NGUYỄN V*** A***",
        hold_until_ms=WALL_MS + 86_400_000,
        overdue=False,
        fee_due=fee_due,
        low=low,
        size=size,
        place=place,
        last_known=(),
        holders=holders or (a_holder(),),
    )


def a_manifest(*results: Result, ver: int = 1, policy: Policy | None = None) -> Manifest:
    return Manifest(
        "central", "bt1", 1, ver, WALL_MS, Head(0, ""), policy or Policy(), (), tuple(results)
    )


def a_statement(
    memory: Memory, kind: str, fields: Mapping[str, object], up_ms: int = 1_000
) -> Statement:
    """The next statement after `memory`."""
    return Statement("bt1", 1, memory.seq + 1, "", WALL_MS, Clock.SYNCED, up_ms, kind, fields)


def a_memory(*said: Said, numbers: Iterable[int] = (1, 2)) -> Memory:
    """What is remembered after these statements."""
    memory = empty("bt1", 1, tuple(numbers))
    for kind, fields in said:
        memory = fold(memory, a_statement(memory, kind, fields))
    return memory


def a_state(memory: Memory, manifest: Manifest | None = None, site: Site | None = None) -> State:
    return State(site or a_site(), memory, ClockState(WALL_MS), manifest)


def merged(*results: Result, memory: Memory | None = None) -> Said:
    """The `manifest_accepted` that these results bring about."""
    before = memory if memory is not None else a_memory()
    return Kind.MANIFEST_ACCEPTED, consequences(before, a_manifest(*results), "hash")


def loaded(cid: str = "r1", number: int = 1) -> Said:
    return Kind.LOADED, {"cid": cid, "compartment": number, "staff": "7"}


def accepted(cid: str = "r1", *numbers: int, holder: str = "h1", counter: int = 0) -> Said:
    return Kind.ACCEPTED, {
        "cid": cid,
        "holder": holder,
        "gen": 1,
        "counter": counter,
        "compartments": list(numbers or (1,)),
        "via": "code",
    }


def at(kind: Kind, number: int = 1, cid: str = "r1", **fields: object) -> Said:
    """Something that happened to one part."""
    return kind, {"compartment": number, "cid": cid, **fields}
