"""The commissioning report: plain lines for a file, a terminal and a roll of paper. Pure.

The law of this file: whoever signs it must see every door, what it hangs on, and everything that was found
wrong; and at its head whether the kiosk may go live.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from kiosk.commission.findings import Door, Judged
from kiosk.commission.show import found, listed, said
from kiosk.hardware import Bus
from ui.texts.say import Say

_VI: Final = MappingProxyType(
    {
        "title": "Biên bản kiểm tra tủ {kiosk}",
        "at": "Ngày {at}",
        "live": "Kết luận: ĐƯỢC đưa vào sử dụng",
        "not_live": "Kết luận: CHƯA được đưa vào sử dụng",
        "bus": "Đường dây {name}: {family}, {port}",
        "boards": "  mạch {boards}, thứ tự trạng thái {order}",
        "door": "Cửa {n}: {name}, cửa đóng = {shut}, mở {ms} ms, {verdict}",
        "unseen": "Cửa {n}: {name}, cảm biến không báo, {verdict}",
        "good": "đạt",
        "bad": "CHƯA ĐẠT",
        "closed": "tiếp điểm đóng",
        "open": "tiếp điểm hở",
        "usual": "thường",
        "first": "ngược (status_first)",
        "unproven": "Chưa mở vì có giấy tờ: {numbers}. Cán bộ mở từng ngăn bằng chìa khóa rồi đóng lại.",
        "findings": "Cần xử lý:",
        "none": "không",
        "signed": "Kỹ thuật viên: ______________________",
    }
)
_EN: Final = MappingProxyType(
    {
        "title": "Commissioning report of kiosk {kiosk}",
        "at": "Date {at}",
        "live": "Verdict: MAY go live",
        "not_live": "Verdict: MAY NOT go live",
        "bus": "Bus {name}: {family}, {port}",
        "boards": "  boards {boards}, status order {order}",
        "door": "Door {n}: {name}, shut = {shut}, opened in {ms} ms, {verdict}",
        "unseen": "Door {n}: {name}, its sensor never changed, {verdict}",
        "good": "ok",
        "bad": "NOT OK",
        "closed": "contact closed",
        "open": "contact open",
        "usual": "usual",
        "first": "reversed (status_first)",
        "unproven": "Not opened, because papers lie there: {numbers}. "
        "Staff open each by key and shut it again.",
        "findings": "To be put right:",
        "none": "nothing",
        "signed": "Technician: ______________________",
    }
)
WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({"vi": _VI, "en": _EN})


@dataclass(frozen=True, slots=True)
class About:
    """Whose report, when (local time), over which buses; `unproven` were left shut."""

    kiosk: str
    at: datetime
    buses: tuple[Bus, ...]
    unproven: frozenset[int] = frozenset()


def lines(judged: Judged, about: About, lang: str) -> tuple[str, ...]:
    """The whole report, in this language."""
    words, say = WORDS[lang], Say(lang)
    live = "live" if judged.may_go_live else "not_live"
    told = [
        words["title"].format(kiosk=about.kiosk),
        words["at"].format(at=f"{about.at:%d/%m/%Y %H:%M}"),
        words[live],
        "",
    ]
    for bus in about.buses:
        told += _bus(bus, judged, words)
    told += [_door(door, judged, words) for door in judged.doors]
    if about.unproven:
        told.append(words["unproven"].format(numbers=listed(about.unproven)))
    findings = [f"- {said(found(finding), say)}" for finding in judged.findings]
    told += ["", words["findings"], *(findings or [f"- {words['none']}"])]
    return (*told, "", words["signed"])


def _bus(bus: Bus, judged: Judged, words: Mapping[str, str]) -> list[str]:
    boards = {door.candidate.board for door in judged.doors if door.candidate.bus == bus.name}
    first = bus.status_first != (bus.name in judged.flipped)
    order = words["first" if first else "usual"]
    return [
        words["bus"].format(name=bus.name, family=bus.family, port=bus.port),
        words["boards"].format(boards=listed(boards) or words["none"], order=order),
    ]


def _door(door: Door, judged: Judged, words: Mapping[str, str]) -> str:
    wrong = {finding.kind for finding in judged.findings if finding.number == door.number}
    refused = any(f.refuses for f in judged.findings if f.number == door.number)
    text = words["unseen" if "sensor" in wrong else "door"]
    return text.format(
        n=door.number,
        name=door.candidate.name,
        shut=words[door.shut_when],
        ms=door.open_ms,
        verdict=words["bad" if refused else "good"],
    )
