"""Which page belongs to which body: one row per body of `ui.screens`; a test asks for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ui import screens, service_screens, setup_screens, staff_screens, upkeep_screens
from ui.pages import (
    closed,
    doors,
    entry,
    setup,
    staff,
    told,
    upkeep,
    upkeep_cabinet,
    upkeep_doors,
    upkeep_service,
    wizard,
)
from ui.pages.page import Page
from ui.texts.say import Say

PAGES: Final[Mapping[type[screens.Body], Callable[..., Page]]] = MappingProxyType(
    {
        screens.Idle: entry.idle,
        screens.Digits: entry.digits,
        screens.Code: entry.code,
        screens.Refused: entry.refused,
        screens.Paused: entry.paused,
        screens.Told: told.told,
        screens.Ready: doors.ready,
        screens.Opening: doors.opening,
        screens.Stuck: doors.stuck,
        screens.Open: doors.opened,
        screens.PutBack: doors.put_back,
        screens.WrongDoor: doors.wrong_door,
        screens.Next: doors.following,
        screens.Closed: closed.closed,
        screens.Reclose: doors.reclose,
        screens.OutOfService: told.out_of_service,
        screens.Help: told.helping,
        staff_screens.StaffLogin: staff.login,
        staff_screens.LoadScan: staff.scan,
        staff_screens.LoadChoose: staff.choose,
        staff_screens.LoadOpening: staff.opening,
        staff_screens.LoadOpen: staff.opened,
        staff_screens.LoadClosing: staff.closing,
        upkeep_screens.Menu: upkeep.menu,
        upkeep_screens.Apology: upkeep.apology,
        upkeep_screens.TakeList: upkeep.take_list,
        upkeep_screens.Unlock: upkeep.unlock,
        upkeep_screens.DoorOpening: upkeep_doors.opening,
        upkeep_screens.DoorOpen: upkeep_doors.opened,
        upkeep_screens.DoorAsk: upkeep_doors.ask,
        upkeep_screens.Audit: upkeep_doors.audit,
        upkeep_screens.CabinetView: upkeep_cabinet.view,
        upkeep_screens.Story: upkeep_cabinet.story,
        upkeep_screens.Reasons: upkeep_cabinet.reasons,
        service_screens.Service: upkeep_service.service,
        service_screens.KioskState: upkeep_service.state,
        service_screens.Settings: upkeep_service.settings,
        service_screens.Wizard: wizard.wizard,
        setup_screens.Typing: setup.typing,
        setup_screens.Report: setup.report,
    }
)


def page_of(screen: screens.Screen, say: Say) -> Page:
    """The page of this screen, in the language of `say`."""
    return PAGES[type(screen.body)](screen.body, screen.frame, say)
