"""The one line that tells a newcomer what to do next, from what is in sight. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kiosk.demo.seen import KNOWN_DIGITS, Seen
from ui.stage_view import Advice, Power, Where

BY_POWER: Final[Mapping[Power, Advice]] = MappingProxyType(
    {
        Power.OFF: Advice(
            "Tủ mất điện: không cửa nào mở được, giấy tờ vẫn nằm yên. Xin bật lại nguồn điện.",
            "The power is off: no door opens and the papers stay. Click the power switch.",
        ),
        Power.STARTING: Advice("Tủ đang khởi động…", "The kiosk is starting…"),
    }
)
STARTING: Final = Advice("Tủ đang chuẩn bị…", "The kiosk is getting ready…")
STAFF_IN: Final = Advice(
    "Bước 1. Trên màn hình cảm ứng, bấm 5 lần vào đồng hồ ở góc trên để cán bộ đăng nhập.",
    "1. On the touchscreen, click the clock in the top corner five times to sign in as staff.",
)
WAIT_MESSAGE: Final = Advice(
    "Tin nhắn sắp đến điện thoại.", "The message is about to arrive on the phone."
)
NO_NETWORK: Final = Advice(
    "Mất mạng nên chưa có tin nhắn. Xin nối lại mạng ở bên phải.",
    "No network, so no message yet. Click the network switch.",
)
ALL_DONE: Final = Advice(
    "Đã trả hết kết quả. Thử nhập lại một mã cũ: mã đã dùng không mở được ngăn nào.",
    "Everything was collected. Type an old code once more: it opens nothing.",
)
HOLD: Final = Advice(
    "Bước 3. Bấm một phong bì ở bàn cán bộ để đưa vào ô quét: một ngăn sẽ mở ra.",
    "3. Click an envelope on the clerk's desk: the scanner reads it and a compartment opens.",
)
NEXT_ENVELOPE: Final = Advice(
    "Bấm phong bì tiếp theo, hoặc bấm Đăng xuất trên màn hình: tin nhắn sẽ được gửi ngay.",
    "Click the next envelope, or sign out on the touchscreen: then the messages leave.",
)
READ_SCREEN: Final = Advice(
    "Xin xem màn hình cảm ứng và làm theo.", "Read the touchscreen and do what it asks."
)
PUT: Final = Advice(
    "Bấm vào ngăn đang mở để đặt phong bì vào.",
    "Click the open compartment to lay the envelope in.",
)
TAKE: Final = Advice(
    "Bước 6. Bấm vào ngăn đang mở để lấy giấy tờ ra.",
    "6. Click the open compartment to take the papers out.",
)
SHUT: Final = Advice(
    "Bấm vào ngăn hoặc cánh cửa đang mở để đóng lại.",
    "Click the open compartment, or the leaf of its door, to close it.",
)
PUT_BACK: Final = Advice(
    "Để giấy tờ lại: bấm phong bì, bấm ngăn đang mở, rồi bấm cánh cửa để đóng.",
    "Leave the papers: click the envelope, the open compartment, then the leaf of its door.",
)
PULL: Final = Advice(
    "Cửa kẹt: bấm vào cửa để kéo nhẹ.", "The door is stuck: click it to pull gently."
)
HOLD_FIRST: Final = Advice(
    "Bấm phong bì để cầm lên, rồi bấm ngăn đang mở.",
    "Click the envelope to pick it up, then the open compartment.",
)

BY_SCREEN: Final[Mapping[str, Advice]] = MappingProxyType(
    {
        "": STARTING,
        "StaffLogin": Advice(
            "Bước 2. Nhập số cán bộ, mã PIN, rồi mã một lần (khung bên phải; mỗi mã dùng một lần).",
            "2. Type number, PIN and one-time password, on the right; each password works once.",
        ),
        "Ready": Advice(
            "Bước 5. Bấm nút Mở ngăn. Hoặc thử ngắt điện ngay lúc này: mã vẫn dùng được.",
            "5. Press the button that opens it. Or cut the power right now: the code stays good.",
        ),
        "Next": Advice("Còn một ngăn nữa: bấm Mở ngăn.", "One more compartment: press open."),
        "Stuck": PULL,
        "Apology": Advice(
            "Hồ sơ trễ hẹn: xác nhận đã kèm văn bản xin lỗi.",
            "This dossier is late: confirm that the apology letter is enclosed.",
        ),
        "DoorOpen": Advice(
            "Xem trong ngăn, rồi bấm cánh cửa để đóng.",
            "Look into the compartment, then click the leaf of its door to close it.",
        ),
        "Unlock": Advice("Nhập mã PIN để làm tiếp.", "Type the PIN to go on."),
        "Closed": Advice(
            "Chọn một khuôn mặt để đánh giá, rồi bấm Kết thúc.",
            "Choose a face to rate the service, then finish.",
        ),
        "PutBack": PUT_BACK,
        "Reclose": SHUT,
        "WrongDoor": SHUT,
    }
)


def advice(seen: Seen) -> Advice:
    """What to do next."""
    if seen.trouble is not None:
        return seen.trouble
    if seen.power in BY_POWER:
        return BY_POWER[seen.power]
    match seen.screen:
        case "Idle":
            return _idle(seen)
        case "Digits" | "Code":
            return _typing(seen)
        case "LoadScan" | "Menu":
            return _loading(seen)
        case "LoadOpen":
            return _laying(seen)
        case "Open":
            return _open(seen)
        case other:
            return BY_SCREEN.get(other, READ_SCREEN)


def _open(seen: Seen) -> Advice:
    door = seen.open_door()
    return TAKE if door is not None and door.papers else SHUT


def _idle(seen: Seen) -> Advice:
    due, places = seen.due(), seen.places()
    if due is not None:
        known = due.to[-KNOWN_DIGITS:]
        return Advice(
            f"Bước 4. Nay là người dân: chạm nút lớn, nhập 4 số cuối {known}, rồi mã {due.code}.",
            f"4. Now as the citizen: touch the big button, type {known}, then code {due.code}.",
        )
    if Where.INSIDE in places:
        return WAIT_MESSAGE if seen.network else NO_NETWORK
    return STAFF_IN if places & {Where.DESK, Where.HELD} else ALL_DONE


def _typing(seen: Seen) -> Advice:
    due = seen.due()
    if due is None:
        return READ_SCREEN
    known = due.to[-KNOWN_DIGITS:]
    if seen.screen == "Digits":
        return Advice(f"Nhập 4 số cuối: {known}.", f"Type the last 4 digits: {known}.")
    return Advice(
        f"Nhập mã trong tin nhắn: {due.code}. Thử ngắt mạng: mã vẫn dùng được.",
        f"Type the code of the message: {due.code}. Cut the network first: it still works.",
    )


def _loading(seen: Seen) -> Advice:
    places = seen.places()
    if Where.HELD in places:
        return READ_SCREEN
    return NEXT_ENVELOPE if Where.INSIDE in places or Where.DESK not in places else HOLD


def _laying(seen: Seen) -> Advice:
    if seen.held:
        return PUT
    door = seen.open_door()
    return SHUT if door is not None and door.papers else HOLD_FIRST
