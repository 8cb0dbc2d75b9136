"""The page *state of the kiosk*: one line per thing that a technician would ask about."""

from __future__ import annotations

from drivers.devices import Device, Trouble
from drivers.doors import Reading
from kiosk.core.clock import Now
from kiosk.core.host import LOW_SPACE_BYTES
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
        _temperature(state),
        _power(state),
        _boards(state, now),
        _device(state, "scanner", Device.SCANNER, fitted=state.site.scanner),
        _device(state, "printer", Device.PRINTER, fitted=state.site.printer),
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
    ver, made = state.manifest.ver, local(state.manifest.iat_ms)
    if not state.clock.trusted:  # nobody knows how old it is, only when it was made
        return StateLine("manifest", f"{ver} ({made:%d/%m/%Y %H:%M})", Level.CARE)
    age = max(0, now.wall_ms - state.manifest.iat_ms)
    value = f"{ver}, {_ago(state, age)}"
    return StateLine("manifest", value, Level.CARE if age > MANIFEST_CARE_MS else Level.OK)


AGES = {
    "vi": ("{} ngày trước", "{} giờ trước", "{} phút trước", "vừa xong"),
    "en": ("{} d ago", "{} h ago", "{} min ago", "just now"),
}


def _ago(state: State, ms: int) -> str:
    """In the largest unit that says something: 3 days, 5 hours, 12 minutes."""
    words = AGES[state.face.lang]
    for word, unit in zip(words, (DAY_MS, 3_600_000, 60_000), strict=False):
        if ms >= unit:
            return word.format(ms // unit)
    return words[-1]


def _waiting(state: State) -> StateLine:
    known = state.manifest.head.seq if state.manifest is not None else 0
    waiting = state.memory.seq - known
    return StateLine("waiting", str(waiting), Level.CARE if waiting > WAITING_CARE else Level.OK)


def _disk(state: State) -> StateLine:
    free = state.space_free
    return StateLine(
        "disk", f"{free // 2**20} MiB", Level.BAD if free < LOW_SPACE_BYTES else Level.OK
    )


def _temperature(state: State) -> StateLine:
    celsius = state.vitals.celsius
    value = "–" if celsius is None else f"{celsius}\u00a0°C"
    return StateLine("temperature", value, Level.BAD if state.hot else Level.OK)


POWERS = {
    "vi": {"mains": "điện lưới", "lost": "mất điện", "battery": "pin {}%"},
    "en": {"mains": "mains", "lost": "no mains", "battery": "battery {}%"},
}


def _power(state: State) -> StateLine:
    words, vitals = POWERS[state.face.lang], state.vitals
    said = [] if vitals.mains is None else [words["mains" if vitals.mains else "lost"]]
    if vitals.battery_percent is not None:
        said.append(words["battery"].format(vitals.battery_percent))
    level = Level.CARE if vitals.mains is False else Level.OK
    level = Level.BAD if state.battery_low else level
    return StateLine("power", ", ".join(said) or "–", level)


def _boards(state: State, now: Now) -> StateLine:
    """How many banks are well, the names of the boards that are not, how many doors are read."""
    plans = state.site.compartments
    bad = [d for d in state.devices.values() if d.device is Device.BOARD]
    served = {n for device in bad for n in device.compartments}
    banks, ill = {p.bank for p in plans}, {p.bank for p in plans if p.number in served}
    named = f" ({', '.join(sorted(d.name for d in bad))})" if bad else ""
    read = [p for p in plans if state.doors.reading(p.number, now.up_ms) is not Reading.UNKNOWN]
    value = f"{len(banks - ill)}/{len(banks)}{named}, {len(read)}/{len(plans)}"
    well = not bad and len(read) == len(plans)
    return StateLine("boards", value, Level.OK if well else Level.BAD)


TROUBLES = {
    "vi": {"lost": "không trả lời", "paper_out": "hết giấy", "paper_low": "sắp hết giấy"},
    "en": {"lost": "does not answer", "paper_out": "out of paper", "paper_low": "low on paper"},
}


def _device(state: State, key: str, device: Device, *, fitted: bool) -> StateLine:
    """A device that the configuration names: well, or what is wrong with it."""
    found = (d.trouble for d in state.devices.values() if d.device is device)
    trouble = next(found, Trouble.NONE)
    if trouble is Trouble.NONE:
        return StateLine(key, "✓" if fitted else "–")
    return StateLine(key, TROUBLES[state.face.lang].get(trouble, str(trouble)), Level.CARE)


def _faults(state: State) -> StateLine:
    value = ", ".join(sorted(state.faults)) or "0"
    return StateLine("faults", value, Level.BAD if state.faults else Level.OK)
