"""Which result an envelope is, and which compartment it goes into. Pure choices, no scenes."""

from __future__ import annotations

from drivers.doors import Reading
from kiosk.core.barred import why_barred
from kiosk.core.memory import Compartment, Held, Phase
from kiosk.core.recognise import dossier_code
from kiosk.core.site import CompartmentPlan
from kiosk.core.staff_scenes import Trouble
from kiosk.core.state import State
from sync.messages import SIZES, Result, Status

TYPED_DIGITS = 4  # how many last digits of a dossier code are typed by hand


def expected(state: State) -> tuple[Result, ...]:
    """Results that central wants loaded here and that have no part here yet."""
    if state.manifest is None:
        return ()
    return tuple(r for r in state.manifest.results if why_not(state, r) is Trouble.NONE)


def why_not(state: State, result: Result) -> Trouble:
    """Why a result may not be loaded, or `Trouble.NONE`."""
    if state.memory.parts_of(result.cid) or result.cid in state.memory.spent:
        return Trouble.ALREADY
    if result.place:
        return Trouble.ELSEWHERE
    if result.status is Status.REVOKED or result.cid in state.memory.recalled:
        return Trouble.REVOKED
    if result.fee_due:
        return Trouble.FEE_DUE
    return Trouble.NONE


def may_add(state: State, result: Result) -> bool:
    """Whether one more compartment may be loaded: every part still lies here untouched."""
    phases = set(state.memory.parts_of(result.cid).values())
    allowed = result.status is Status.LIVE and result.cid not in state.memory.recalled
    return phases == {Phase.LOADED} and allowed and not result.place and not result.fee_due


def by_dossier(state: State, code: str) -> Result | None:
    """The result that holds this dossier, loadable or not."""
    results = state.manifest.results if state.manifest is not None else ()
    hits = [r for r in results if holds(r, code)]
    fresh = [r for r in hits if why_not(state, r) is Trouble.NONE]
    return next(iter(fresh or hits), None)


def holds(result: Result, code: str) -> bool:
    """Whether this dossier code, in the new or the old form, is one of the result's."""
    wanted = dossier_code(code)
    return any(dossier_code(d) == wanted for d in result.dossiers)


def by_ending(state: State, digits: str) -> tuple[Result, ...]:
    """Expected results with a dossier code that ends in these digits."""
    return tuple(
        r for r in expected(state) if any(dossier_code(d).endswith(digits) for d in r.dossiers)
    )


def free(state: State, up_ms: int, skip: frozenset[int] = frozenset()) -> tuple[int, ...]:
    """Every compartment that may be offered for loading: unblocked, checked, seen closed.

    None while this memory is not the newest: nobody knows what lies where.
    """
    if state.outdated:
        return ()
    return tuple(p.number for p in state.site.compartments if _offered(state, p, up_ms, skip))


def _offered(state: State, plan: CompartmentPlan, up_ms: int, skip: frozenset[int]) -> bool:
    held = state.memory.compartments.get(plan.number, Compartment(unchecked="unknown"))
    closed = state.doors.reading(plan.number, up_ms) is Reading.CLOSED
    usable = held.serves and held.held is not Held.OCCUPIED
    usable = usable and why_barred(state, plan.number) is Trouble.NONE
    return usable and closed and plan.number not in skip


def best(state: State, result: Result, up_ms: int, skip: frozenset[int]) -> int | None:
    """The compartment for `result`: low where asked, smallest that fits, surely free, least worn."""
    open_to = set(free(state, up_ms, skip))
    fitting = [p for p in state.site.compartments if p.number in open_to and p.takes(result.size)]
    if not fitting:
        return None
    return min(fitting, key=lambda p: _rank(state, p, result)).number


def _rank(state: State, plan: CompartmentPlan, result: Result) -> tuple[bool, int, bool, int, int]:
    held = state.memory.compartments[plan.number]
    return (
        plan.low is not result.low,
        SIZES.index(plan.size),
        held.held is not Held.FREE,
        held.opened,
        plan.number,
    )
