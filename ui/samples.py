"""Sample screens: at least one for every body and every value of its enumerations. All fictional."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ui import screens as s
from ui import staff_screens as staff
from ui import walls
from ui.sample_parts import (
    AJAR,
    ASKED,
    FRAME,
    NAME,
    NOW,
    STAFF,
    WORK,
    Sample,
    cabinet,
    small_cabinet,
)
from ui.samples_setup import setup
from ui.samples_upkeep import upkeep
from ui.samples_wizard import wizard

TYPING: Final = replace(FRAME, progress=1, closes_in_s=52, more_time=True)
CODE: Final = replace(TYPING, progress=2, closes_in_s=84)
DOOR: Final = replace(FRAME, progress=3)
READY: Final = replace(DOOR, closes_in_s=41, more_time=True)
OPEN: Final = replace(DOOR, closes_in_s=150, more_time=True)
TROUBLE: Final = replace(FRAME, incident="7K-0412", closes_in_s=52)


def _entry() -> Iterator[Sample]:
    yield "idle", s.Screen(FRAME, s.Idle())
    yield "idle-no-scanner-no-clock", s.Screen(replace(FRAME, now=None), s.Idle(scanner=False))
    yield "idle-offline", s.Screen(replace(FRAME, offline=True), s.Idle())
    yield "digits-empty", s.Screen(TYPING, s.Digits(""))
    yield "digits-two", s.Screen(TYPING, s.Digits("56"))
    yield "digits-four", s.Screen(TYPING, s.Digits("5678"))
    yield "digits-reopening", s.Screen(TYPING, s.Digits("5", reopening=True))
    yield "code-four", s.Screen(CODE, s.Code("5678", "4827"))
    yield "code-eight", s.Screen(CODE, s.Code("5678", "48271639"))
    yield "code-no-countdown", s.Screen(replace(FRAME, progress=2), s.Code("5678", ""))
    yield "refused", s.Screen(TROUBLE, s.Refused())
    yield "refused-qr", s.Screen(TROUBLE, s.Refused(qr=True))
    yield "paused", s.Screen(TROUBLE, s.Paused(15, None))
    yield "paused-at", s.Screen(TROUBLE, s.Paused(15, NOW.replace(minute=19)))
    yield "help", s.Screen(replace(FRAME, closes_in_s=60), s.Help())


def _told() -> Iterator[Sample]:
    frame = replace(TROUBLE, more_time=True)
    for why in s.Why:
        yield f"told-{why}", s.Screen(frame, s.Told(why))
    place = "UBND phường An Hòa, 8 Đường Hoa Sen"
    yield "told-expired-at", s.Screen(frame, s.Told(s.Why.EXPIRED, place, NOW))
    yield "told-recalled-at", s.Screen(frame, s.Told(s.Why.RECALLED, at=NOW))
    yield "told-used-at", s.Screen(frame, s.Told(s.Why.USED, at=NOW))
    yield "told-not-yet-at", s.Screen(frame, s.Told(s.Why.NOT_YET, at=NOW))
    yield "told-elsewhere-place", s.Screen(frame, s.Told(s.Why.ELSEWHERE, place))
    yield "told-other-kiosk-place", s.Screen(frame, s.Told(s.Why.OTHER_KIOSK, place))
    for outage in s.Outage:
        calm = replace(FRAME, incident="" if outage is s.Outage.STARTING else "7K-0412")
        yield f"out-{outage}", s.Screen(calm, s.OutOfService(outage))


def _doors() -> Iterator[Sample]:
    yield "ready", s.Screen(READY, s.Ready(NAME, 12, ASKED))
    small = small_cabinet(look=walls.DoorLook.ASKED)
    yield "ready-authorised", s.Screen(READY, s.Ready(NAME, 3, small, authorised=True))
    yield "opening", s.Screen(DOOR, s.Opening(12, ASKED))
    yield "stuck", s.Screen(READY, s.Stuck(12, ASKED, can_retry=True))
    yield "stuck-again", s.Screen(READY, s.Stuck(12, ASKED, can_retry=False))
    asked = replace(OPEN, incident="7K-0412")
    for urge in walls.Urge:
        sound = s.Sound.ALARM if urge is walls.Urge.ALARM else s.Sound.NONE
        yield f"open-{urge}", s.Screen(OPEN, s.Open(12, AJAR, urge), sound)
        yield f"put-back-{urge}", s.Screen(asked, s.PutBack(12, AJAR, urge))
        yield f"wrong-door-{urge}", s.Screen(asked, s.WrongDoor(12, AJAR, urge))
        yield f"reclose-{urge}", s.Screen(replace(FRAME), s.Reclose(12, AJAR, urge))
    first = cabinet(2, walls.DoorLook.OPEN)
    yield "open-no-dispute", s.Screen(OPEN, s.Open(2, first, walls.Urge.CALM, can_dispute=False))
    yield "put-back-empty", s.Screen(asked, s.PutBack(12, AJAR, walls.Urge.CALM, empty=True))
    yield "next", s.Screen(READY, s.Next(15, cabinet(15, walls.DoorLook.ASKED), 1))
    done = replace(DOOR, closes_in_s=52)
    yield "closed", s.Screen(done, s.Closed(NOW, late=False, rated=0, forgot_s=48))
    yield "closed-late", s.Screen(done, s.Closed(NOW, late=True, rated=0, forgot_s=48))
    yield "closed-no-clock", s.Screen(done, s.Closed(None, late=False, rated=0, forgot_s=0))
    for stars in range(1, 6):
        rated = s.Closed(NOW, late=False, rated=stars, forgot_s=30)
        yield f"closed-rated-{stars}", s.Screen(done, rated)


def _staff() -> Iterator[Sample]:
    for step, entered, wanted in (
        (staff.LoginStep.NUMBER, 3, 0),
        (staff.LoginStep.PIN, 4, 6),
        (staff.LoginStep.TOTP, 6, 6),
        (staff.LoginStep.TOTP2, 2, 6),
        (staff.LoginStep.WAIT, 6, 6),
    ):
        number = "104" if step is staff.LoginStep.NUMBER else "1042"
        yield f"login-{step}", s.Screen(STAFF, staff.StaffLogin(step, number, entered, wanted))
    scanner = staff.StaffLogin(staff.LoginStep.NUMBER, "104", 3, 0, scanner=True)
    yield "login-number-or-card", s.Screen(STAFF, scanner)
    locked = replace(scanner, trouble=staff.LoginTrouble.LOCKED, minutes=15)
    yield "login-locked-or-card", s.Screen(STAFF, locked)
    for trouble in staff.LoginTrouble:
        body = staff.StaffLogin(staff.LoginStep.NUMBER, "", 0, 0, trouble, 15)
        yield f"login-{trouble or 'calm'}", s.Screen(STAFF, body)
    for problem in staff.LoadTrouble:
        body_ = staff.LoadScan("1042", 12, 8, 3, trouble=problem, trouble_compartment=7)
        yield f"load-{problem or 'calm'}", s.Screen(WORK, body_)
    for problem in (staff.LoadTrouble.ALREADY, staff.LoadTrouble.DOOR_OPEN):
        body_ = staff.LoadScan("1042", 12, 8, 3, trouble=problem)
        yield f"load-{problem}-somewhere", s.Screen(WORK, body_)
    done = staff.LoadScan(
        "1042", 11, 7, 4, "16", done_dossier="H29.15-261121-0412", done_compartment=7
    )
    undo = replace(done, can_undo=True)
    yield "load-done", s.Screen(WORK, done)
    add = replace(undo, trouble=staff.LoadTrouble.ALREADY, trouble_compartment=7, can_add=True)
    yield "load-already-add", s.Screen(WORK, add)
    yield "load-done-offline", s.Screen(replace(WORK, offline=True), undo)
    names = (NAME, "TRẦN T*** B***", "LÊ H***", "PHẠM Q*** D***", "VÕ M***", "ĐỖ K***")
    choices = tuple(staff.Choice(f"H29.15-26112{n}-0412", name) for n, name in enumerate(names))
    yield "choose-two", s.Screen(STAFF, staff.LoadChoose(choices[:2]))
    yield "choose-many", s.Screen(STAFF, staff.LoadChoose(choices))
    papers = ("H29.15-261121-0412", NAME)
    yield "load-opening", s.Screen(STAFF, staff.LoadOpening(12, ASKED, *papers))
    yield "load-stuck", s.Screen(STAFF, staff.LoadOpening(12, ASKED, *papers, stuck=True))
    for urge in walls.Urge:
        full = urge is not walls.Urge.CALM
        body__ = staff.LoadOpen(12, AJAR, *papers, maybe_full=full, apology=full, urge=urge)
        yield f"load-open-{urge}", s.Screen(STAFF, body__)
        closing = staff.LoadClosing(12, AJAR, full=full, urge=urge)
        yield f"load-closing-{urge}", s.Screen(STAFF, closing)


SAMPLES: Final[tuple[Sample, ...]] = (
    *_entry(),
    *_told(),
    *_doors(),
    *_staff(),
    *upkeep(),
    *wizard(),
    *setup(),
)


def variant(screen: s.Screen, lang: str, *, large: bool, night: bool) -> s.Screen:
    """The same screen for other eyes."""
    return replace(screen, frame=replace(screen.frame, lang=lang, large=large, night=night))
