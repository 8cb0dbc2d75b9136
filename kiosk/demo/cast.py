"""The demo's people and dossiers: fictional, small, and of every kind that a ward meets.

Phone numbers use 053 and 054, which were assigned to nobody (shared/domain §10); nothing is ever sent.
"""

from __future__ import annotations

from dataclasses import dataclass

KIOSK = "bt01"
UNIT = "Phường Bình Tiên"
SMS_UNIT = "P.Bình Tiên"
ADDRESS = "123 Đường Số 45"
FULL_ADDRESS = "123 Đường Số 45, phường Bình Tiên"
STAFF_NUMBER = "1001"
STAFF_PIN = "246810"


@dataclass(frozen=True, slots=True)
class Dossier:
    """One result to register: dossier code, who it is for, whose phone."""

    code: str
    recipient: str
    phone: str
    overdue: bool = False
    low: bool = False
    size: str = "A4"
    authorised: str = ""  # phone of somebody else who may collect


DOSSIERS = (
    Dossier("H29.915-261118-0042", "Nguyễn Văn An", "0531230042"),
    Dossier("H29.915-261118-0057", "Trần Thị Bích Ngọc", "0541235678", overdue=True),
    Dossier("H29.944-261119-0003", "Y Bhăm Êban", "0531239070", low=True),
    Dossier("000.00.01.H29-261117-0420", "Lê Hoàng Thái", "0541235678", authorised="0531236116"),
    Dossier("H29.914-261120-0011", "Phan Đình Khoa", "0531231799", size="A3"),
    Dossier("H29.915-261120-0038", "H'Liêu Niê", "0541232214"),
)


def wall() -> list[dict[str, object]]:
    """The demo's cabinet: 34 compartments around the screen, as in shared/face; the low rows low."""
    rows, columns = 6, 6
    doors: list[dict[str, object]] = []
    number = 1
    for column in range(1, columns + 1):
        for row in range(1, rows + 1):
            if column == 1 and row in {2, 3}:
                continue  # the touchscreen sits here
            size = "A3" if column == columns else "A4"
            doors.append(
                {
                    "number": number,
                    "row": row,
                    "column": column,
                    "size": size,
                    "low": row >= rows - 1,
                }
            )
            number += 1
    return doors


SCREEN_CELL = (2, 1, 2)
