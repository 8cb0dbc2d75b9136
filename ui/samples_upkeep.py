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
from ui.sample_parts import AJAR, ASKED, NAME, NOW, STAFF, WORK, Sample, cabinet, small_cabinet
from ui.staff_screens import LoadTrouble

PAPERS: Final = ("H29.15-261121-0412", NAME)
NOBODY: Final = ("", "")  # what a technician sees
MAINTENANCE: Final = replace(STAFF, more_time=True)
KINDS: Final = (
    "loaded staff_authorised accepted resumed pulsed opened closed not_opened unconfirmed wrong_door "
    "left_open opened_unasked reopened collected disputed recalled retrieved audited blocked released "
    "fault fault_cleared never_heard_of"
)
WORDS: Final = (
    "new new_epoch removed unknown blocked unconfirmed wrong_door opened_unasked disputed not_empty "
    "dropped unseen unread closing_unseen take_back"
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
    yield "apology", s.Screen(STAFF, up.Apology(*PAPERS))
    for name, unlock in (
        ("unlock", up.Unlock("1042", 3, 6)),
        ("unlock-full", up.Unlock("1042", 6, 6)),
        ("unlock-wrong", up.Unlock("1042", 0, 6, trouble=True)),
        ("unlock-checking", up.Unlock("1042", 6, 6, checking=True)),
    ):
        yield name, s.Screen(STAFF, unlock)


def _take() -> Iterator[Sample]:
    names = (NAME, "TRẦN T*** B***", "LÊ H***", "PHẠM Q*** D***", "ĐỖ K***")
    items = tuple(
        up.TakeItem(number, f"H29.15-26112{number % 10}-0412", name, why)
        for number, name, why in zip((7, 12, 19, 31, 4), names, up.TakeWhy, strict=True)
    )
    yield "take-list", s.Screen(STAFF, up.TakeList(items[:4], 1, 2))
    yield "take-list-last", s.Screen(STAFF, up.TakeList(items[4:], 2, 2))
    yield "take-list-one-page", s.Screen(MAINTENANCE, up.TakeList(items[1:3], 1, 1))
    bare = tuple(replace(item, name="", dossier="") for item in items[3:])
    yield "take-list-nameless", s.Screen(STAFF, up.TakeList(bare, 1, 1))
    yield "take-list-none", s.Screen(STAFF, up.TakeList((), 1, 1))


def _doors() -> Iterator[Sample]:
    urges = cycle(walls.Urge)
    for purpose in up.Purpose:
        seen = NOBODY if purpose is up.Purpose.TEST else PAPERS
        body = up.DoorOpening(purpose, 12, ASKED, *seen)
        yield f"door-opening-{purpose}", s.Screen(STAFF, body)
        open_ = up.DoorOpen(purpose, 12, AJAR, walls.Urge.CALM, *seen)
        yield f"door-open-{purpose}", s.Screen(MAINTENANCE, open_)
        answers = tuple(up.Answer) if purpose is up.Purpose.TAKE_BACK else tuple(up.Answer)[1:]
        asked = up.DoorAsk(purpose, 12, answers, *seen)
        yield f"door-ask-{purpose}", s.Screen(STAFF, asked)
    stuck = up.DoorOpening(up.Purpose.TAKE_BACK, 12, ASKED, *PAPERS, stuck=True)
    yield "door-stuck", s.Screen(STAFF, stuck)
    nameless = up.DoorOpening(up.Purpose.TEST, 12, ASKED, stuck=True)
    yield "door-stuck-nameless", s.Screen(STAFF, nameless)
    for urge, purpose in zip(
        urges, (up.Purpose.AUDIT, up.Purpose.TAKE_BACK, up.Purpose.CHECK), strict=False
    ):
        scanned = up.DoorOpen(purpose, 12, AJAR, urge, *PAPERS, scanned=True)
        yield f"door-scanned-{urge}", s.Screen(STAFF, scanned)
    ajar = small_cabinet(look=walls.DoorLook.OPEN)
    alarm = up.DoorOpen(up.Purpose.TEST, 3, ajar, walls.Urge.ALARM)
    yield "door-open-alarm", s.Screen(STAFF, alarm, s.Sound.ALARM)
    few = up.DoorAsk(up.Purpose.UNDO, 12, (up.Answer.TAKEN, up.Answer.LEFT), *PAPERS)
    yield "door-ask-two", s.Screen(STAFF, few)
    going = cabinet(19, walls.DoorLook.ASKED)
    yield "audit-first", s.Screen(STAFF, up.Audit(0, 26, 19, 0, going))
    yield "audit-going", s.Screen(STAFF, up.Audit(14, 12, 19, 2, going))
    yield "audit-done", s.Screen(STAFF, up.Audit(26, 0, 0, 1, cabinet()))


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
    yield "cabinet", s.Screen(STAFF, view(cabinet(), usual))
    yield "cabinet-all-signs", s.Screen(MAINTENANCE, view(cabinet(), tuple(sign)))
    yield "cabinet-small", s.Screen(STAFF, view(small_cabinet(), tuple(sign)))
    yield "cabinet-wide", s.Screen(STAFF, view(wide_cabinet(), tuple(sign)))
    for kind in LoadTrouble:
        if kind in {LoadTrouble.NOT_OPENED, LoadTrouble.UNCONFIRMED, LoadTrouble.WRONG_DOOR}:
            body = replace(view(cabinet(), usual), trouble=kind, trouble_compartment=7)
            yield f"cabinet-{kind}", s.Screen(STAFF, body)
    for number in (0, 7):
        ajar = replace(
            view(cabinet(), usual), trouble=LoadTrouble.DOOR_OPEN, trouble_compartment=number
        )
        yield f"cabinet-door-open-{number}", s.Screen(STAFF, ajar)


def _stories() -> Iterator[Sample]:
    """All kinds and all words, six at a time."""
    special = ["1042", "1042 · lock", "papers", "empty", "other", "audit", "a word not known"]
    details = cycle([*special, *WORDS.split(), *up.Reason])
    lines = [
        up.Happening(kind, NOW - timedelta(hours=7 * at), next(details) if at % 3 else "")
        for at, kind in enumerate(KINDS.split())
    ]
    audited = [up.Happening("audited", None, found) for found in ("papers", "empty", "other")]
    disputed = [up.Happening("disputed", NOW, what) for what in ("empty", "not_mine", "missing")]
    wire = ["not_sent", "no_answer", "corrupt", "foreign", "refused", "acknowledged"]
    pulsed = [up.Happening("pulsed", NOW, outcome) for outcome in wire]
    faults = ["guessing", "lower_gen:r1", "manifest_twins", "mass_absence", "space", "stuck:12"]
    broken = [up.Happening("fault", NOW, fault) for fault in faults]
    words = [up.Happening("blocked", NOW, word) for word in (*WORDS.split(), *up.Reason)]
    all_ = [*lines, *audited, *disputed, *pulsed, *broken, *words]
    rows = [all_[at : at + up.HAPPENINGS] for at in range(0, len(all_), up.HAPPENINGS)]
    signs, reasons = cycle(walls.Sign), cycle(("", "staff:take_back", "lock", "not known"))
    acts = cycle((tuple(up.Act), (up.Act.CHECK,), (up.Act.CHECK, up.Act.BLOCK, up.Act.BY_KEY)))
    for at, row in enumerate(rows):
        body = up.Story(12, next(signs), next(reasons), tuple(row), next(acts))
        yield f"story-{at}", s.Screen(MAINTENANCE if at == 1 else STAFF, body)
    nothing = up.Story(128, walls.Sign.FREE, "", (), (up.Act.CHECK,))
    yield "story-nothing", s.Screen(STAFF, nothing)
    for act in up.Act:
        yield f"reasons-{act}", s.Screen(STAFF, up.Reasons(12, act, tuple(up.Reason)))


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
    yield "service", s.Screen(STAFF, calm)
    yield "service-one-page", s.Screen(MAINTENANCE, replace(calm, rows=rows[:3], page=1, pages=1))
    yield "service-running", s.Screen(STAFF, replace(calm, running=True, done=5, left=9))
    running = replace(calm, running=True, done=5, left=9, failed=(10,))
    yield "service-running-failed", s.Screen(STAFF, running)
    yield "service-passed", s.Screen(STAFF, replace(calm, done=14))
    many = replace(calm, done=34, failed=tuple(range(3, 15)))
    yield "service-many-failed", s.Screen(STAFF, many)
    trouble = replace(calm, trouble=LoadTrouble.NOT_OPENED, trouble_compartment=9)
    yield "service-trouble", s.Screen(STAFF, trouble)
    values = (
        "0.4.0",
        "12 ngày 3 giờ",
        "22:04:31, đồng bộ",
        "22:01 21/11",
        "số 1792, 3 phút trước",
        "0",
        "41%, 11 GB",
        "3 bảng, 34 cửa",
        "đang chạy",
        "không có",
    )
    good = tuple(service.StateLine(k, v) for k, v in zip(service.STATE_KEYS, values, strict=True))
    yield "state-good", s.Screen(STAFF, service.KioskState(good))
    bad = (
        *good[:3],
        service.StateLine("contact", "08:12 20/11 (38 giờ trước)", service.Level.CARE),
        *good[4:9],
        service.StateLine(
            "faults", "doors, missing:12, space, stuck:10, stuck:9", service.Level.BAD
        ),
        service.StateLine("never heard of", "?"),
    )
    yield "state-bad", s.Screen(MAINTENANCE, service.KioskState(bad))
