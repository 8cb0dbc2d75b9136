"""What the fakes answer, byte for byte, against frames quoted by makers and by programs in use."""

from __future__ import annotations

from itertools import count

import pytest

from drivers.bench.boards import BenchBoard
from tests.drivers.bench.bench_rig import Rig

ALL_24 = tuple(range(1, 25))


def _rig(family: str, address: int, channels: int, **more: object) -> Rig:
    doors = dict(zip(range(1, channels + 1), count(1), strict=False))
    return Rig(family, BenchBoard(address, doors, channels, **more))  # type: ignore[arg-type]  # told by keyword


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("8A 01 01 11 9B", "8A 01 01 00 8A"),
        ("8A 01 09 11 93", "8A 01 09 00 82"),
        ("8A 01 18 11 82", "8A 01 18 00 93"),
        ("8A 01 01 11 03 98", "8A 01 01 00 8A"),  # three seconds
        ("80 01 01 33 B3", "80 01 01 11 91"),
        ("80 01 00 33 B2", "80 01 FF FF FF 33 4D"),
        ("81 01 01 99 18", "81 01 01 99 18"),
        ("80 01 00 99 18", "80 01 00 99 18"),
        ("80 01 01 33 B2", ""),  # the check does not fit
        ("80 02 01 33 B0", ""),  # another board
        ("8A 01 19 11 83", ""),  # no such channel
        ("82 01 00 22 A1", ""),
    ],
)
def test_an_8a80_board_answers_as_quoted(request_: str, answer: str) -> None:
    assert _rig("xor-8a80", 1, 24).ask(request_, 4_000) == answer


def test_an_8a80_board_answers_a_door_that_stayed_shut_with_the_request_itself() -> None:
    rig = _rig("xor-8a80", 1, 24)
    rig.cabinet.jam(1)
    assert rig.ask("8A 01 01 11 9B") == "8A 01 01 11 9B"


@pytest.mark.parametrize(
    ("closed", "answer"),
    [
        ((), "80 01 00 00 00 33 B2"),
        ((2,), "80 01 00 00 02 33 B0"),
        ((6,), "80 01 00 00 20 33 92"),
        ((1, 9, 17), "80 01 01 01 01 33 B3"),
        ((24, 1), "80 01 80 00 01 33 33"),
    ],
)
def test_the_last_status_byte_of_an_8a80_board_is_channels_1_to_8(
    closed: tuple[int, ...], answer: str
) -> None:
    rig = _rig("xor-8a80", 1, 24)
    rig.open_by_hand(*(n for n in ALL_24 if n not in closed))
    assert rig.ask("80 01 00 33 B2") == answer


def test_some_8a80_boards_send_channels_1_to_8_first_and_some_contacts_close_when_open() -> None:
    rig = _rig("xor-8a80", 1, 24, status_first=True, closed_when_shut=False)
    rig.open_by_hand(2)
    assert rig.ask("80 01 00 33 B2") == "80 01 02 00 00 33 B0"


def test_an_8_channel_8a80_board_sends_three_status_bytes() -> None:
    rig = _rig("xor-8a80", 1, 8)
    rig.open_by_hand(*range(1, 9))
    assert rig.ask("80 01 00 33 B2") == "80 01 00 00 00 33 B2"


@pytest.mark.parametrize(
    ("address", "opened", "request_", "answer"),
    [
        (0, (), "02 00 30 03 35", "02 00 35 FF FF 00 00 03 38"),
        (0, (1,), "02 00 30 03 35", "02 00 35 FE FF 00 00 03 37"),
        (1, (), "02 10 30 03 45", "02 10 35 FF FF 00 00 03 48"),
        (0, (), "02 05 31 03 3B", "02 00 35 FF FF 00 00 03 38"),  # at once: nothing moved yet
        (0, (), "02 F0 32 03 27", "02 00 36 FF FF 00 00 03 39"),
        (0, (), "02 00 37 03 3C", "02 00 38 00 32 03 6F"),  # 500 ms
        (0, (), "02 00 37 00 32 03 6E", "02 00 38 00 32 03 6F"),
        (0, (), "02 00 37 00 1E 03 5A", "02 00 38 00 1E 03 5B"),  # 300 ms
        (0, (), "02 00 33 03 38", ""),
        (0, (), "02 00 30 03 36", ""),
        (0, (), "02 10 30 03 45", ""),
    ],
)
def test_a_kerong_16_way_board_answers_as_quoted(
    address: int, opened: tuple[int, ...], request_: str, answer: str
) -> None:
    rig = _rig("kerong-cu16", address, 16)
    rig.open_by_hand(*opened)
    assert rig.ask(request_) == answer


@pytest.mark.parametrize(
    ("opened", "request_", "answer"),
    [
        ((), "02 00 00 80 00 00 03 85", "02 00 00 80 10 02 03 A5 FF 0F"),
        ((1,), "02 00 00 80 00 00 03 85", "02 00 00 80 10 02 03 A4 FE 0F"),
        ((), "02 00 00 81 00 00 03 86", "02 00 00 81 10 00 03 96"),
        ((), "02 00 0B 81 00 00 03 91", "02 00 0B 81 10 00 03 A1"),
        ((), "02 00 0D 81 00 00 03 93", "02 00 0D 81 11 00 03 A4"),  # no such lock
        ((), "02 00 00 8F 00 00 03 94", "02 00 00 8F 13 00 03 A7"),  # not known here
        ((), "02 00 00 80 00 00 03 86", ""),
        ((), "02 01 00 80 00 00 03 86", ""),
    ],
)
def test_a_kerong_12_way_board_answers_as_quoted(
    opened: tuple[int, ...], request_: str, answer: str
) -> None:
    rig = _rig("kerong-cu12", 0, 12)
    rig.open_by_hand(*opened)
    assert rig.ask(request_) == answer


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("57 4B 4C 59 09 00 83 01 82", "57 4B 4C 59 0B 00 83 00 01 01 81"),
        ("57 4B 4C 59 08 00 84 85", "57 4B 4C 59 0E 00 84 00 04 01 01 01 01 87"),
        ("57 4B 4C 59 09 00 81 01 80", "57 4B 4C 59 0A 00 81 00 01 83"),
        ("57 4B 4C 59 0C 00 80 03 01 02 03 86", "57 4B 4C 59 09 00 80 FF 7F"),
        ("57 4B 4C 59 09 00 82 01 82", ""),
        ("57 4B 4C 59 09 01 82 01 82", ""),  # board 1
    ],
)
def test_a_wkly_board_answers_as_quoted(request_: str, answer: str) -> None:
    assert _rig("wkly", 0, 4).ask(request_) == answer


def test_a_wkly_board_reports_the_door_and_then_answers_that_it_is_open() -> None:
    said = _rig("wkly", 0, 4).ask("57 4B 4C 59 09 00 82 01 83")
    assert said == "57 4B 4C 59 0A 00 85 01 00 87 57 4B 4C 59 0B 00 82 00 01 00 81"


def test_a_wkly_board_reports_a_door_that_a_hand_moved() -> None:
    rig = _rig("wkly", 0, 4)
    rig.cabinet.open_by_key(2)
    assert rig.ask("") == "57 4B 4C 59 0A 00 85 02 00 84"
    rig.cabinet.push(2)
    assert rig.ask("") == "57 4B 4C 59 0A 00 85 02 01 85"


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("01 05 02 00 00 07 8D B0", "01 05 02 00 00 07 8D B0"),
        ("01 05 02 07 00 05 BD B0", "01 05 02 07 00 05 BD B0"),
        ("01 05 00 FF 00 00 FD FA", "01 05 00 FF 00 00 FD FA"),
        ("01 05 02 09 00 05 DC 73", "01 85 02 C3 51"),
        ("01 02 00 00 00 08 79 CC", "01 02 01 FF E1 C8"),
        ("01 06 10 00 00 00 8D 0A", "01 06 10 00 00 00 8D 0A"),
        ("00 06 40 00 00 02 1C 1A", "00 06 40 00 00 02 1C 1A"),
        ("00 03 80 00 00 01 AC 1B", "00 03 02 00 C8 84 12"),
        ("00 06 20 00 00 01 42 1B", "00 06 20 00 00 01 42 1B"),
        ("01 0F 00 00 00 08 01 FF BE D5", "01 0F 00 00 00 08 54 0D"),
        ("01 05 02 00 00 07 8D B1", ""),
        ("02 05 02 00 00 05 0C 42", ""),
    ],
)
def test_a_waveshare_board_answers_as_quoted(request_: str, answer: str) -> None:
    assert _rig("waveshare-modbus", 1, 8).ask(request_, 100) == answer


def test_a_waveshare_board_tells_open_contacts_modes_and_relays() -> None:
    rig = _rig("waveshare-modbus", 1, 8)
    rig.open_by_hand(1)
    assert rig.ask("01 02 00 00 00 08 79 CC") == "01 02 01 FE 20 08"
    modes = rig.ask("01 03 10 00 00 08 40 CC")
    assert modes.startswith("01 03 10 " + "00 " * 16)
    rig.bus.boards[1].hold(1, on=True)
    rig.bus.boards[1].hold(7, on=True)
    assert rig.ask("01 01 00 00 00 08 3D CC") == "01 01 01 41 91 B8"


def test_a_waveshare_board_in_linkage_drives_the_lock_of_its_own_shut_door() -> None:
    rig = _rig("waveshare-modbus", 1, 8)
    rig.ask("01 06 10 00 00 01 4C CA", 300)
    assert rig.cabinet.is_open(1), "the contact of the shut door switched the coil on"
    assert not rig.cabinet.is_open(2)


@pytest.mark.parametrize(
    ("family", "address", "request_", "answer"),
    [
        ("xor-8a80", 1, "9A 01 01 11 8B", ""),
        ("xor-8a80", 1, "8A 01 00 11 9A", ""),
        ("xor-8a80", 1, "90 01 02 02 02 93", ""),
        ("kerong-cu16", 0, "02 00 33 03 38", ""),
        ("kerong-cu12", 0, "02 00 0C 81 00 00 03 92", "02 00 0C 81 11 00 03 A3"),
        ("wkly", 0, "57 4B 4C 59 09 00 88 02 8A", "57 4B 4C 59 0A 00 88 00 02 89"),
        ("wkly", 0, "57 4B 4C 59 08 00 86 87", "57 4B 4C 59 09 00 86 FF 79"),
        ("waveshare-modbus", 1, "01 05 00 00 FF 00 8C 3A", "01 05 00 00 FF 00 8C 3A"),
        ("waveshare-modbus", 1, "01 05 00 00 55 00 F2 9A", "01 05 00 00 55 00 F2 9A"),
        ("waveshare-modbus", 1, "01 05 04 00 00 05 0C F9", "01 05 04 00 00 05 0C F9"),
    ],
)
def test_what_may_never_be_sent_to_a_lock_is_noted(
    family: str, address: int, request_: str, answer: str
) -> None:
    rig = _rig(family, address, 8)
    assert rig.ask(request_, 60) == answer
    assert [request.hex(" ").upper() for request in rig.bus.boards[address].dangers] == [request_]
