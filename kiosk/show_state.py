"""The page *state of the kiosk*: one line per thing that a technician would ask about."""

from __future__ import annotations

from kiosk.core.automaton import LOW_SPACE_BYTES
from kiosk.core.clock import Now
from kiosk.core.state import State
from kiosk.times import local
from sync.messages import Clock
from ui.service_screens import Level, StateLine

DAY_MS = 86_400_000
CONTACT_CARE_MS = 3_600_000
MANIFEST_CARE_MS = 2 * DAY_MS
WAITING_CARE = 500  # statements that central has not named yet


def state_lines(state: State, now: Now) -> tuple[StateLine, ...]:
    """Every line, in the order of `ui.service_screens.STATE_KEYS`."""
    return (
        StateLine("version", state.site.version),
        StateLine("uptime", _span(state, now.up_ms)),
        _clock(state, now),
        _contact(state, now),
        _manifest(state, now),
        _waiting(state),
        _disk(state),
        _doors(state, now),
        StateLine("scanner", "✓" if state.site.scanner else "–"),
        _faults(state),
    )


SPANS = {"vi": "{} ngày {} giờ {} phút", "en": "{} d {} h {} min"}
TRUSTS = {
    "vi": {"synced": "đã đồng bộ", "holdover": "tự giữ giờ", "unknown": "không tin được"},
    "en": {"synced": "synced", "holdover": "holding over", "unknown": "not trusted"},
}


def _span(state: State, ms: int) -> str:
    days, rest = divmod(ms, DAY_MS)
    hours, rest = divmod(rest, 3_600_000)
    return SPANS[state.face.lang].format(days, hours, rest // 60_000)


def _clock(state: State, now: Now) -> StateLine:
    trust = state.clock.trust
    value = f"{local(now.wall_ms):%d/%m/%Y %H:%M} ({TRUSTS[state.face.lang][trust]})"
    level = Level.BAD if trust is Clock.UNKNOWN else Level.OK
    return StateLine("clock", value, Level.CARE if trust is Clock.HOLDOVER else level)


def _contact(state: State, now: Now) -> StateLine:
    if state.contact_ms is None:
        return StateLine("contact", "–", Level.CARE)
    age = now.up_ms - state.contact_ms
    return StateLine(
        "contact", _span(state, age), Level.CARE if age > CONTACT_CARE_MS else Level.OK
    )


def _manifest(state: State, now: Now) -> StateLine:
    if state.manifest is None:
        return StateLine("manifest", "–", Level.BAD)
    age = now.wall_ms - state.manifest.iat_ms
    value = f"{state.manifest.ver} ({local(state.manifest.iat_ms):%d/%m/%Y %H:%M})"
    return StateLine("manifest", value, Level.CARE if age > MANIFEST_CARE_MS else Level.OK)


def _waiting(state: State) -> StateLine:
    known = state.manifest.head.seq if state.manifest is not None else 0
    waiting = state.memory.seq - known
    return StateLine("waiting", str(waiting), Level.CARE if waiting > WAITING_CARE else Level.OK)


def _disk(state: State) -> StateLine:
    free = state.space_free
    return StateLine(
        "disk", f"{free // 2**20} MiB", Level.BAD if free < LOW_SPACE_BYTES else Level.OK
    )


def _doors(state: State, now: Now) -> StateLine:
    numbers = [p.number for p in state.site.compartments]
    blind = [n for n in numbers if state.doors.reading(n, now.up_ms) == "unknown"]
    value = f"{len(numbers) - len(blind)}/{len(numbers)}"
    return StateLine("doors", value, Level.BAD if blind else Level.OK)


def _faults(state: State) -> StateLine:
    value = ", ".join(sorted(state.faults)) or "0"
    return StateLine("faults", value, Level.BAD if state.faults else Level.OK)
