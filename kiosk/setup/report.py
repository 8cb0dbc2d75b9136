"""The handover report: plain lines for the file, the paper roll and, as its head, the QR code. Pure.

The law of this file: what was not seen is not claimed. The head stands alone (a phone that reads the QR code
has it without the file) and names the file by its hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from kiosk.config import Config
from kiosk.doctor.findings import Finding, Level
from kiosk.setup.gear import Tried
from ui.texts.say import nfc

_VI: Final = MappingProxyType(
    {
        "title": "Biên bản bàn giao tủ {kiosk}",
        "at": "Ngày {at} ({clock})",
        "synced": "giờ đã đồng bộ",
        "holdover": "giờ từ pin, chưa đồng bộ",
        "unknown": "giờ CHƯA đúng",
        "place": "{unit}, {address}",
        "central": "Trung tâm {url}, kỳ khóa {epoch}",
        "doors": "Cửa đã thử: {proven}/{total}",
        "checks": "Kiểm tra: {failed} không đạt, {warnings} cần chú ý",
        "key": "Khóa {use}: {kid}",
        "sealed": "Khóa đã niêm phong vào máy này (systemd-creds)",
        "clear": "Khóa nằm trong tệp, chưa niêm phong: chỉ dùng để thử",
        "program": "Phần mềm {version}; {system}",
        "bus": "Đường dây {name}: {family}, {port}, mạch {boards}",
        "gear": "{name}: {outcome}",
        "touch": "Màn hình chạm",
        "scanner": "Đầu đọc mã",
        "printer": "Máy in",
        "light": "Đèn",
        "sound": "Âm thanh",
        "works": "đạt",
        "fails": "KHÔNG ĐẠT",
        "absent": "không lắp",
        "findings": "Cần xử lý hoặc chú ý:",
        "none": "- không",
        "round": "Biên bản thử cửa: {file}",
        "signed": "Kỹ thuật viên: ____________________  Cán bộ nhận: ____________________",
    }
)
_EN: Final = MappingProxyType(
    {
        "title": "Handover report of kiosk {kiosk}",
        "at": "Date {at} ({clock})",
        "synced": "clock synchronised",
        "holdover": "clock from its battery, not synchronised",
        "unknown": "clock NOT right",
        "place": "{unit}, {address}",
        "central": "Central {url}, epoch {epoch}",
        "doors": "Doors proven: {proven}/{total}",
        "checks": "Checks: {failed} failed, {warnings} warnings",
        "key": "Key {use}: {kid}",
        "sealed": "Keys are sealed to this machine (systemd-creds)",
        "clear": "Keys lie in files, not sealed: good for a trial only",
        "program": "Program {version}; {system}",
        "bus": "Bus {name}: {family}, {port}, boards {boards}",
        "gear": "{name}: {outcome}",
        "touch": "Touchscreen",
        "scanner": "Scanner",
        "printer": "Printer",
        "light": "Light",
        "sound": "Sound",
        "works": "ok",
        "fails": "NOT OK",
        "absent": "not fitted",
        "findings": "To be mended, or looked at:",
        "none": "- nothing",
        "round": "Report of the doors: {file}",
        "signed": "Technician: ____________________  Received by: ____________________",
    }
)
WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({"vi": _VI, "en": _EN})
MOST_QR_BYTES = 1_200


@dataclass(frozen=True, slots=True)
class About:
    """What was seen: `kids` are thumbprints by use, `sealed` where the keys lie."""

    config: Config
    epoch: int
    kids: Mapping[str, str]
    sealed: bool
    version: str
    system: str  # which machine and which system
    at: datetime  # local time
    clock: str  # synced, holdover or unknown
    tried: Sequence[Tried]
    findings: Sequence[Finding]
    rounds: Sequence[str] = ()  # files of commissioning


def lines(about: About, lang: str) -> tuple[str, ...]:
    """The whole report; the head ends with the first empty line."""
    words, config = WORDS[lang], about.config
    told = [*_head(about, words), "", words["sealed" if about.sealed else "clear"]]
    told.append(words["program"].format(version=about.version, system=about.system))
    wiring = config.cabinet.wiring
    for bus in config.cabinet.buses:
        on_it = sorted({w.board for w in wiring if w.bus == bus.name})
        boards = ", ".join(map(str, on_it))
        facts = {"name": bus.name, "family": bus.family, "port": bus.port, "boards": boards}
        told.append(words["bus"].format(**facts))
    told += [words["round"].format(file=name) for name in about.rounds]
    told += [
        words["gear"].format(name=words[one.name], outcome=words[one.outcome])
        for one in about.tried
    ]
    bad = [one for one in about.findings if one.level is not Level.OK]
    told += ["", words["findings"], *(_finding(one) for one in bad)]
    return (*told, *([] if bad else [words["none"]]), "", words["signed"])


def _head(about: About, words: Mapping[str, str]) -> list[str]:
    config, wiring = about.config, about.config.cabinet.wiring
    count = {level: sum(one.level is level for one in about.findings) for level in Level}
    return [
        words["title"].format(kiosk=config.kiosk),
        words["at"].format(at=f"{about.at:%d/%m/%Y %H:%M}", clock=words[about.clock]),
        words["place"].format(unit=config.unit, address=config.address),
        words["central"].format(url=config.central_url, epoch=about.epoch),
        words["doors"].format(proven=sum(w.proven for w in wiring), total=len(wiring)),
        words["checks"].format(failed=count[Level.FAILED], warnings=count[Level.WARNING]),
        *(words["key"].format(use=use, kid=kid) for use, kid in about.kids.items()),
    ]


def _finding(one: Finding) -> str:
    return f"- {one.name}: {one.words}{f' → {one.what_to_do}' if one.what_to_do else ''}"


def to_read(text: str) -> str:
    """What the QR code holds: the head of a report, and the hash of all of it."""
    head = nfc(text.split("\n\n", 1)[0])
    cut = head.encode()[:MOST_QR_BYTES].decode("utf-8", "ignore")
    return f"{cut}\nSHA-256 {hashlib.sha256(text.encode()).hexdigest()}"
