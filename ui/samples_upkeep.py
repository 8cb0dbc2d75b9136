"""Sample screens of maintenance beyond loading: every body, every value, every known word. All fictional."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from typing import Final

from ui import screens as s
from ui import service_screens as service
from ui import upkeep_screens as up
from ui import walls
from ui.sample_parts import AJAR, ASKED, NAME, NOW, WORK, Sample, cabinet, small_cabinet
from ui.staff_screens import LoadTrouble

PAPERS: Final = ("H29.15-261121-0412", NAME)
NOBODY: Final = ("", "")  # what a technician sees
KINDS: Final = (
    "loaded staff_authorised accepted resumed pulsed opened closed not_opened unconfirmed wrong_door "
    "left_open opened_unasked reopened collected disputed recalled retrieved audited blocked released "
    "fault fault_cleared never_heard_of"
)
WORDS: Final = (
    "new new_epoch restored removed unknown blocked unconfirmed wrong_door opened_unasked disputed not_empty "
    "dropped unseen unread closing_unseen take_back by_key faulty unproven unproven_key"
)
FOUND: Final = "papers empty other proven"

BOARD_TROUBLES: Final = "lost output_stuck address_clash wrong_mode"
DEVICE_FAULTS: Final = (
    "scanner_lost keypad_lost printer_lost printer_paper_out printer_paper_low light_lost "
    "buzzer_lost tamper_opened power_lost thermometer_lost mains_lost battery_low hot"
)


def upkeep() -> Iterator[Sample]:
    """All of them."""
    yield from _menu()
    yield from _take()
    yield from _doors()
    yield from _cabinet()
    yield from _stories()
    yield from _service()


def _menu() -> Iterator[Sample]:
    clerk = (up.Entry.LOAD, up.Entry.TAKE_BACK, up.Entry.AUDIT, up.Entry.CABINET)
    technician = (up.Entry.CABINET, up.Entry.DOORS, up.Entry.STATE)
    yield "menu-clerk", s.Screen(WORK, up.Menu("1042", "clerk", clerk, 12, 3, 2, 8))
    calm = up.Menu("1042", "clerk", clerk, 30, 0, 0, 30)
    yield "menu-calm", s.Screen(WORK, calm)
    yield "menu-technician", s.Screen(WORK, up.Menu("2007", "technician", technician, 0, 0, 2, 8))
    everything = up.Menu("3001", "supervisor", tuple(up.Entry), 12, 3, 2, 8)
    yield "menu-supervisor", s.Screen(WORK, everything)
    yield "apology", s.Screen(WORK, up.Apology(*PAPERS))
    for name, unlock in (
        ("unlock", up.Unlock("1042", 3, 6)),
        ("unlock-full", up.Unlock("1042", 6, 6)),
        ("unlock-wrong", up.Unlock("1042", 0, 6, trouble=True)),
        ("unlock-checking", up.Unlock("1042", 6, 6, checking=True)),
    ):
        yield name, s.Screen(WORK, unlock)


def _take() -> Iterator[Sample]:
    names = (NAME, "TRẦN T*** B***", "LÊ H***", "PHẠM Q*** D***", "ĐỖ K***")
    items = tuple(
        up.TakeItem(number, f"H29.15-26112{number % 10}-0412", name, why)
        for number, name, why in zip((7, 12, 19, 31, 4), names, up.TakeWhy, strict=True)
    )
    yield "take-list", s.Screen(WORK, up.TakeList(items[:4], 1, 2))
    yield "take-list-last", s.Screen(WORK, up.TakeList(items[4:], 2, 2))
    yield "take-list-one-page", s.Screen(WORK, up.TakeList(items[1:3], 1, 1))
    shut = up.TakeList(items[:4], 1, 2, LoadTrouble.NOT_OPENED, 7)
    yield "take-list-trouble", s.Screen(WORK, shut)
    ajar = up.TakeList((), 1, 1, LoadTrouble.UNCONFIRMED, 7)
    yield "take-list-none-trouble", s.Screen(WORK, ajar)
    bare = tuple(replace(item, name="", dossier="") for item in items[3:])
    yield "take-list-nameless", s.Screen(WORK, up.TakeList(bare, 1, 1))
    yield "take-list-none", s.Screen(WORK, up.TakeList((), 1, 1))


def _doors() -> Iterator[Sample]:
    urges = cycle(walls.Urge)
    for purpose in up.Purpose:
        seen = NOBODY if purpose is up.Purpose.TEST else PAPERS
        body = up.DoorOpening(purpose, 12, ASKED, *seen)
        yield f"door-opening-{purpose}", s.Screen(WORK, body)
        open_ = up.DoorOpen(purpose, 12, AJAR, walls.Urge.CALM, *seen)
        yield f"door-open-{purpose}", s.Screen(WORK, open_)
        answers = tuple(up.Answer) if purpose is up.Purpose.TAKE_BACK else tuple(up.Answer)[1:]
        if purpose is up.Purpose.TEST:
            answers = (up.Answer.EMPTY, up.Answer.OTHER)
        asked = up.DoorAsk(purpose, 12, answers, *seen)
        yield f"door-ask-{purpose}", s.Screen(WORK, asked)
    stuck = up.DoorOpening(up.Purpose.TAKE_BACK, 12, ASKED, *PAPERS, stuck=True)
    yield "door-stuck", s.Screen(WORK, stuck)
    nameless = up.DoorOpening(up.Purpose.TEST, 12, ASKED, stuck=True)
    yield "door-stuck-nameless", s.Screen(WORK, nameless)
    for urge, purpose in zip(
        urges, (up.Purpose.AUDIT, up.Purpose.TAKE_BACK, up.Purpose.CHECK), strict=False
    ):
        scanned = up.DoorOpen(purpose, 12, AJAR, urge, *PAPERS, scanned=True)
        yield f"door-scanned-{urge}", s.Screen(WORK, scanned)
    ajar = small_cabinet(look=walls.DoorLook.OPEN)
    alarm = up.DoorOpen(up.Purpose.TEST, 3, ajar, walls.Urge.ALARM)
    yield "door-open-alarm", s.Screen(WORK, alarm, s.Sound.ALARM)
    few = up.DoorAsk(up.Purpose.UNDO, 12, (up.Answer.TAKEN, up.Answer.LEFT), *PAPERS)
    yield "door-ask-two", s.Screen(WORK, few)
    going = cabinet(19, walls.DoorLook.ASKED)
    yield "audit-first", s.Screen(WORK, up.Audit(0, 26, 19, 0, going))
    yield "audit-going", s.Screen(WORK, up.Audit(14, 12, 19, 2, going))
    stuck_one = up.Audit(14, 12, 19, 2, going, LoadTrouble.NOT_OPENED, 18)
    yield "audit-trouble", s.Screen(WORK, stuck_one)
    yield "audit-done", s.Screen(WORK, up.Audit(26, 0, 0, 1, cabinet()))


def view(of: walls.Cabinet, signs: tuple[walls.Sign, ...]) -> up.CabinetView:
    """The cabinet with these signs by turns."""
    cells = tuple(
        up.Cell(door.number, door.row, door.column, door.height, sign)
        for door, sign in zip(of.doors, cycle(signs), strict=False)
    )
    return up.CabinetView(
        of.rows, of.columns, cells, of.screen_row, of.screen_column, of.screen_height
    )


def wide_cabinet(rows: int = 8, columns: int = 12) -> walls.Cabinet:
    """As many doors as a kiosk may have in a row."""
    places = [(row, column) for column in range(1, columns + 1) for row in range(1, rows + 1)]
    return walls.Cabinet(rows, columns, tuple(walls.Door(n, *at) for n, at in enumerate(places, 1)))


def _cabinet() -> Iterator[Sample]:
    sign = walls.Sign
    usual = (
        sign.OCCUPIED,
        sign.OCCUPIED,
        sign.FREE,
        sign.OCCUPIED,
        sign.PRESUMED_EMPTY,
        sign.EXPIRED,
    )
    yield "cabinet", s.Screen(WORK, view(cabinet(), usual))
    yield "cabinet-all-signs", s.Screen(WORK, view(cabinet(), tuple(sign)))
    yield "cabinet-small", s.Screen(WORK, view(small_cabinet(), tuple(sign)))
    yield "cabinet-wide", s.Screen(WORK, view(wide_cabinet(), tuple(sign)))
    for kind in LoadTrouble:
        if kind in {LoadTrouble.NOT_OPENED, LoadTrouble.UNCONFIRMED, LoadTrouble.WRONG_DOOR}:
            body = replace(view(cabinet(), usual), trouble=kind, trouble_compartment=7)
            yield f"cabinet-{kind}", s.Screen(WORK, body)
    for number in (0, 7):
        ajar = replace(
            view(cabinet(), usual), trouble=LoadTrouble.DOOR_OPEN, trouble_compartment=number
        )
        yield f"cabinet-door-open-{number}", s.Screen(WORK, ajar)


def _stories() -> Iterator[Sample]:
    """All kinds and all words, six at a time."""
    special = ["1042", "1042 · lock", "papers", "empty", "other", "audit", "a word not known"]
    details = cycle([*special, *WORDS.split(), *up.Reason])
    lines = [
        up.Happening(kind, NOW - timedelta(hours=7 * at), next(details) if at % 3 else "")
        for at, kind in enumerate(KINDS.split())
    ]
    audited = [up.Happening("audited", None, found) for found in FOUND.split()]
    disputed = [up.Happening("disputed", NOW, what) for what in ("empty", "not_mine", "missing")]
    wire = ["not_sent", "no_answer", "corrupt", "foreign", "refused", "acknowledged"]
    pulsed = [up.Happening("pulsed", NOW, outcome) for outcome in wire]
    faults = ["guessing", "lower_gen:r1", "manifest_twins", "mass_absence", "space", "stuck:12"]
    faults += [f"board_{what}:khoa-1/2" for what in BOARD_TROUBLES.split()]
    faults += [f"{what}:12" for what in ("flapping", "sensor_stuck", "missing")]
    faults += ["port_lost:khoa-1", *DEVICE_FAULTS.split()]
    broken = [up.Happening("fault", NOW, fault) for fault in faults]
    words = [up.Happening("blocked", NOW, word) for word in (*WORDS.split(), *up.Reason)]
    all_ = [*lines, *audited, *disputed, *pulsed, *broken, *words]
    rows = [all_[at : at + up.HAPPENINGS] for at in range(0, len(all_), up.HAPPENINGS)]
    signs, reasons = (
        cycle(walls.Sign),
        cycle(("", "staff:take_back", "lock", "not known", "unproven", "unproven_key")),
    )
    act = up.Act
    doubtful = (act.CHECK, act.RELEASE, act.BY_KEY)
    acts = cycle(((act.TAKE, act.BLOCK, act.BY_KEY), (act.CHECK,), doubtful))
    for at, row in enumerate(rows):
        body = up.Story(12, next(signs), next(reasons), tuple(row), next(acts))
        yield f"story-{at}", s.Screen(WORK, body)
    nothing = up.Story(128, walls.Sign.FREE, "", (), (up.Act.CHECK,))
    yield "story-nothing", s.Screen(WORK, nothing)
    halves = cycle((tuple(up.Reason)[:6], tuple(up.Reason)[6:]))
    for why in up.Act:
        yield f"reasons-{why}", s.Screen(WORK, up.Reasons(12, why, next(halves)))


def _service() -> Iterator[Sample]:
    rows = tuple(
        service.ServiceRow(number, sign, reading, cycles, failures, mean)
        for number, sign, reading, cycles, failures, mean in (
            (7, walls.Sign.FREE, "closed", 1204, 0, 412),
            (8, walls.Sign.OCCUPIED, "closed", 988, 2, 455),
            (9, walls.Sign.FREE, "unknown", 12, 0, 0),
            (10, walls.Sign.FAULTY, "closed", 2310, 17, 1870),
            (11, walls.Sign.OPEN, "open", 640, 0, 430),
            (12, walls.Sign.UNCHECKED, "never heard of", 0, 0, 0),
        )
    )
    calm = service.Service(rows, 2, 6)
    yield "service", s.Screen(WORK, calm)
    yield "service-one-page", s.Screen(WORK, replace(calm, rows=rows[:3], page=1, pages=1))
    yield "service-running", s.Screen(WORK, replace(calm, running=True, done=5, left=9))
    running = replace(calm, running=True, done=5, left=9, failed=(10,))
    yield "service-running-failed", s.Screen(WORK, running)
    yield "service-passed", s.Screen(WORK, replace(calm, done=14))
    many = replace(calm, done=34, failed=tuple(range(3, 15)))
    yield "service-many-failed", s.Screen(WORK, many)
    trouble = replace(calm, trouble=LoadTrouble.NOT_OPENED, trouble_compartment=9)
    yield "service-trouble", s.Screen(WORK, trouble)
    yield from _state()
    yield from _settings()


def _state() -> Iterator[Sample]:
    values = (
        "0.4.0",
        "12 ngày 3 giờ",
        "22:04:31, đồng bộ",
        "22:01 21/11",
        "số 1792, 3 phút trước",
        "0",
        "41%, 11 GB",
        "41 °C",
        "điện lưới, pin 96%",
        "3/3, 34/34",
        "✓",
        "–",
        "không có",
    )
    good = tuple(service.StateLine(k, v) for k, v in zip(service.STATE_KEYS, values, strict=True))
    yield "state-good", s.Screen(WORK, service.KioskState(good))
    both = tuple(service.StickAct)
    page = service.KioskState(good)
    yield "state-calling", s.Screen(WORK, replace(page, call=service.Call.CALLING))
    yield "state-reached", s.Screen(WORK, replace(page, call=service.Call.REACHED, stick=both))
    yield "state-silent", s.Screen(WORK, replace(page, call=service.Call.SILENT, stick=both))
    yield "state-stick-busy", s.Screen(WORK, replace(page, busy=True))
    for told in _told_of_sticks():
        name = f"state-stick-{told.act}-{told.outcome}"
        yield name, s.Screen(WORK, replace(page, stick=both, told=told))
    bad = (
        *good[:3],
        service.StateLine("contact", "08:12 20/11 (38 giờ trước)", service.Level.CARE),
        *good[4:8],
        service.StateLine("power", "pin 12%", service.Level.BAD),
        service.StateLine("boards", "2/3 (khoa-1/2), 30/34", service.Level.BAD),
        service.StateLine("never heard of", "?"),
        good[11],
        service.StateLine(
            "faults", "doors, missing:12, space, stuck:10, stuck:9", service.Level.BAD
        ),
    )
    yield "state-bad", s.Screen(WORK, service.KioskState(bad))


def _settings() -> Iterator[Sample]:
    language = service.SettingRow("language", "vi", ("vi", "en"))
    sound = service.SettingRow("sound", "on", ("on", "quiet"))
    yield "settings", s.Screen(WORK, service.Settings((language, sound)))
    other = (replace(language, value="en"), replace(sound, value="quiet"))
    yield "settings-other", s.Screen(WORK, service.Settings(other))
    yield "settings-one", s.Screen(WORK, service.Settings((sound,)))


def _told_of_sticks() -> Iterator[service.StickTold]:
    read = "accepted nothing unreadable too_large busy silent several version audience signature"
    for outcome in read.split():
        yield service.StickTold(service.StickAct.IMPORT, outcome, 1795305600)
    saved = "written nothing read_only full failed several unreadable silent"
    for outcome in saved.split():
        yield service.StickTold(service.StickAct.EXPORT, outcome, 1204)
