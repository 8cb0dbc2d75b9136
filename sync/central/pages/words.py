"""What the pages call things, and how they tell time. Data and small talk; no page."""

from __future__ import annotations

from sync.central.fault_words import FAULTS as ADVICE
from sync.central.fleet import Need
from sync.central.texts import local
from sync.central.words import Words

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
# Colour never speaks alone.
MARKS = {
    "now": "!",
    "today": "▲",
    "later": "●",
    "nothing": "✓",
    "good": "✓",
    "care": "▲",
    "plain": "·",
}
ERRORS = {
    "tls": Words(
        "Trang này chỉ mở qua https. Vui lòng dùng địa chỉ bắt đầu bằng https://.",
        "This page opens over https only. Please use the address that begins with https://.",
    ),
    "form": Words(
        "Biểu mẫu này không còn giá trị hoặc không đến từ trang này; chưa có gì thay đổi."
        " Vui lòng mở lại trang và làm lại.",
        "This form is no longer good or came from elsewhere; nothing was changed."
        " Please open the page again.",
    ),
    "unknown": Words(
        "Không tìm thấy, hoặc không thuộc đơn vị của Ông/Bà.", "Not found, or not of your unit."
    ),
    "over": Words(
        "Không làm được: kết quả đã được nhận hoặc đã thu hồi. Chưa có gì thay đổi.",
        "Not possible: the result was collected or withdrawn. Nothing was changed.",
    ),
    "database": Words(
        "Hệ thống trung tâm đang bận hoặc gián đoạn; chưa có gì thay đổi. Tủ vẫn phục vụ. Vui lòng thử lại"
        " sau một phút.",
        "The central system is busy or interrupted; nothing was changed. Cabinets go on serving. Please try"
        " again in a minute.",
    ),
    "invalid": Words(
        "Thông tin nhập chưa đúng dạng. Vui lòng xem lại.",
        "What was entered has another form than wanted. Please check it.",
    ),
    "soon": Words(
        "Mã của người nhận này vừa được yêu cầu gửi lại chưa đầy một phút trước; không gửi thêm.",
        "This holder's code was ordered less than a minute ago; it is not sent once more.",
    ),
    "period": Words(
        "Kỳ báo cáo: nhập như 2026-11 hoặc 2026-Q4.", "Period: wanted as 2026-11 or 2026-Q4."
    ),
    "ward_only": Words(
        "Chỉ cán bộ phường, xã có tủ mới làm được việc này.",
        "Only staff of the unit that has the cabinet may do this.",
    ),
}
LEVELS = (
    Words("Có người đang chờ ngay", "Somebody is stranded now"),
    Words("Trong hôm nay", "Today"),
    Words("Khi tiện", "Later"),
    Words("Không cần ai", "Needs nobody"),
)
NEEDS: dict[Need, Words] = {
    Need.NOT_SERVING: Words(
        "Tủ ngừng phục vụ ({what}), {n} kết quả đang chờ trong tủ",
        "Out of service ({what}), results waiting: {n}",
    ),
    Need.DISPUTED: Words(
        "{n} người báo giấy tờ sai hoặc không có", "Said that papers are wrong or missing: {n}"
    ),
    Need.UNCONFIRMED: Words(
        "{n} lần nhận không rõ cửa mở hay đóng", "Pickups whose door was not seen well: {n}"
    ),
    Need.LOCKED: Words(
        "{n} mã bị khóa sau nhiều lần sai: gửi mã mới", "Codes locked, send new ones: {n}"
    ),
    Need.EMPTY_OUT_OF_SERVICE: Words(
        "Tủ ngừng phục vụ ({what}); trong tủ không có kết quả nào chờ",
        "Out of service ({what}); nothing waits in it",
    ),
    Need.RETRIEVE: Words("{n} kết quả cần lấy ra khỏi tủ", "Results to be taken out: {n}"),
    Need.ALARMS: Words("{n} cảnh báo chưa ai xử lý", "Alarms nobody has handled: {n}"),
    Need.PHONE: Words("{n} người cần được gọi điện", "People to be phoned: {n}"),
    Need.UNTOLD: Words("{n} tin nhắn chưa gửi được", "Messages that could not leave: {n}"),
    Need.UNCHECKED: Words("{n} ngăn chờ kiểm tra", "Compartments to be checked: {n}"),
    Need.MAINS: Words("Mất điện lưới, đang chạy pin", "No mains, running on its battery"),
    Need.FAULTS: Words("{n} sự cố: {what}", "Faults: {what}"),
    Need.LONG_SILENT: Words(
        "Hơn một ngày không liên lạc; tủ có thể vẫn phục vụ",
        "Silent for over a day; it may well be serving",
    ),
    Need.SILENT: Words("Mất liên lạc; tủ vẫn phục vụ", "Silent; it goes on serving"),
    Need.NEVER: Words("Chưa từng liên lạc", "Was never heard"),
    Need.BLOCKED: Words("{n} ngăn ngừng sử dụng", "Compartments out of use: {n}"),
    Need.REVOKED: Words(
        "Đã thu hồi tủ (báo mất): không được phục vụ, chỉ trở lại bằng ghi danh mới",
        "Revoked (stolen): served nothing, comes back by a new enrolment only",
    ),
    Need.MINOR_FAULTS: Words("{n} việc nhỏ: {what}", "Minor faults: {what}"),
    Need.OUTAGE: Words(
        "{n} tủ mất liên lạc cùng lúc: một sự cố mạng, không phải {n} tủ hỏng",
        "{n} kiosks fell silent together: one network outage, not {n} broken kiosks",
    ),
}
PLACES = {  # where on a kiosk's page one sees to it
    Need.DISPUTED: "check",
    Need.UNCONFIRMED: "check",
    Need.LOCKED: "waiting",
    Need.RETRIEVE: "retrieve",
    Need.ALARMS: "alarms",
    Need.PHONE: "calls",
    Need.UNCHECKED: "cabinet",
    Need.BLOCKED: "cabinet",
    Need.FAULTS: "alarms",
    Need.MINOR_FAULTS: "alarms",
}
OUTAGES = {
    "starting": Words("đang khởi động", "starting"),
    "never_synced": Words("chưa nhận danh sách", "never synced"),
    "memory": Words("hai nhật ký, cần ghi danh lại", "two journals, to be enrolled anew"),
    "restoring": Words("đang nhận lại nhật ký", "getting its journal back"),
    "doors": Words("không điều khiển được cửa", "doors out of reach"),
    "power": Words("hết điện", "no power"),
    "journal": Words("sổ nhật ký hỏng", "journal broken"),
    "maintenance": Words("bảo trì", "maintenance"),
}
# By the beginning of what is stated.
FAULTS = {what: told.name for what, told in ADVICE.items() if what}
CALLS = {  # why nobody could be told
    "refused": Words("nhà mạng từ chối tin nhắn", "the message was refused"),
    "late": Words("tin nhắn không gửi được quá lâu", "the message could not leave for too long"),
    "locked": Words("mã bị khóa sau nhiều lần sai", "the code was locked"),
    "broken": Words("tin nhắn không lập được", "the message could not be made"),
    "revoked": Words(
        "tủ có giấy tờ của họ đã bị thu hồi: mã không dùng được nữa, hẹn cách nhận khác",
        "the kiosk with their papers was revoked: the code is void, agree on another way",
    ),
}
PHASES = {
    "expected": Words("chưa xếp vào tủ", "not loaded yet"),
    "loaded": Words("đang chờ trong tủ", "waiting in the cabinet"),
    "accepted": Words("mã đúng, chưa mở cửa", "code accepted, door not open"),
    "opened": Words("cửa đang mở", "door open"),
    "unconfirmed": Words("không rõ, cần kiểm tra", "unknown, to be checked"),
    "disputed": Words("người nhận báo sai hoặc thiếu", "disputed"),
    "collected": Words("đã được nhận", "collected"),
    "retrieved": Words("cán bộ đã lấy ra", "taken out by staff"),
}
TILES = {
    "free": ("○", Words("trống", "free")),
    "waiting": ("●", Words("đang chờ", "waiting")),
    "retrieve": ("▲", Words("cần lấy ra", "take out")),
    "check": ("!", Words("cần kiểm tra", "check")),
    "open": ("◨", Words("đang mở", "open")),
    "blocked": ("×", Words("ngừng dùng", "out of use")),
    "lost": ("×", Words("đã thu hồi", "revoked")),
}


def age(wall_ms: int, now_ms: int) -> Words:
    """How long ago: minutes (at least one), hours or days, rounded down."""
    past = max(0, now_ms - wall_ms)
    if past >= 2 * DAY_MS:
        return Words(f"{past // DAY_MS} ngày", f"{past // DAY_MS} days")
    if past >= 2 * HOUR_MS:
        return Words(f"{past // HOUR_MS} giờ", f"{past // HOUR_MS} hours")
    if past >= 2 * MINUTE_MS:
        return Words(f"{past // MINUTE_MS} phút", f"{past // MINUTE_MS} minutes")
    return Words("1 phút", "1 minute")


def period(name: str) -> Words:
    """`2026-11` or `2026-Q4`, as people say it."""
    year, rest = name[:4], name[5:].lstrip("0")
    if rest.startswith("Q"):
        return Words(f"quý {rest[1:]}/{year}", f"quarter {rest[1:]}/{year}")
    return Words(f"tháng {rest}/{year}", f"{rest}/{year}")


def day(wall_ms: int) -> str:
    """`21/11`."""
    return f"{local(wall_ms):%d/%m}" if wall_ms else "–"


def named(table: dict[str, Words], word: str) -> Words:
    """By the word itself, or by what stands before its colon; else as it is."""
    key = word if word in table else word.partition(":")[0]
    plain = Words(word, word)
    found = table.get(key, plain)
    rest = word.partition(":")[2]
    return Words(f"{found.vi} {rest}", f"{found.en} {rest}") if rest and found != plain else found
