"""Core and face speak the same words, every one of them can be shown, and none of them is a secret."""

from dataclasses import asdict
from enum import StrEnum

import pytest

from kiosk.core import events, takeback, wall
from kiosk.core import scenes as at
from kiosk.core import staff_scenes as staff
from kiosk.core import upkeep_scenes as up
from kiosk.core.state import Face
from tests.flows.walk import Walk
from tests.kiosk.showing import SCENES, SESSION, UNTIL, shown
from ui import hands, screens, staff_screens, upkeep_screens, walls


@pytest.fixture(scope="module")
def walk() -> Walk:
    return Walk({"r1": (3,)})


def _words(enum: type[StrEnum]) -> dict[str, str]:
    return {name: member.value for name, member in enum.__members__.items()}


@pytest.mark.parametrize(
    ("core", "face"),
    [
        (events.Key, hands.Action),
        (at.Why, screens.Why),
        (staff.Trouble, staff_screens.LoadTrouble),
        (staff.LoginTrouble, staff_screens.LoginTrouble),
        (staff.Step, staff_screens.LoginStep),
        (up.Entry, upkeep_screens.Entry),
        (up.Answer, upkeep_screens.Answer),
        (up.Act, upkeep_screens.Act),
        (up.Reason, upkeep_screens.Reason),
        (takeback.TakeWhy, upkeep_screens.TakeWhy),
        (wall.Sign, walls.Sign),
    ],
)
def test_core_and_face_have_the_same_words(core: type[StrEnum], face: type[StrEnum]) -> None:
    assert _words(core) == _words(face)


def test_every_outage_of_the_core_has_words_on_the_screen() -> None:
    assert _words(at.Outage).items() <= _words(screens.Outage).items()


@pytest.mark.parametrize("why", list(at.Why))
def test_every_reason_can_be_told(walk: Walk, why: at.Why) -> None:
    body = shown(walk, at.Told(UNTIL, why, 5)).body
    assert body == screens.Told(screens.Why(why.value))


@pytest.mark.parametrize("trouble", list(staff.Trouble))
def test_every_trouble_of_loading_can_be_told(walk: Walk, trouble: staff.Trouble) -> None:
    body = shown(walk, staff.Loading(UNTIL, SESSION, trouble=trouble, trouble_at=2)).body
    assert isinstance(body, staff_screens.LoadScan)
    assert (body.trouble.value, body.trouble_compartment) == (trouble.value, 2)


@pytest.mark.parametrize("why", list(at.Outage))
def test_every_outage_can_be_told(walk: Walk, why: at.Outage) -> None:
    assert shown(walk, at.Out(why)).body == screens.OutOfService(screens.Outage(why.value))


# Secrets


@pytest.mark.parametrize("scene", [s for s, _ in SCENES.values()], ids=lambda v: type(v).__name__)
def test_no_screen_holds_a_secret(walk: Walk, scene: at.Scene) -> None:
    holder = walk.central.results["r1"].holders["h1"]
    entry = walk.central._staff["7"]
    pin = entry["pin"]
    assert isinstance(pin, dict)
    secrets = [
        holder.phone,
        holder.phone[-4:],
        holder.secret,
        holder.token,
        *(walk.central.code("r1", ahead=n) for n in range(3)),
        str(pin["salt"]),
        str(pin["hash"]),
        str(entry["totp_secret"]),
        "135790",  # what staff type is counted, not shown
        "246802",
    ]
    for face in (Face(), Face(help=True)):
        seen = shown(walk, scene, face=face)
        told = repr(seen) + repr(asdict(seen))
        assert [s for s in secrets if s in told] == []
