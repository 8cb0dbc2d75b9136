"""Vietnamese for what is printed and stuck to the cabinet; `vi.py` takes it in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

VI_STICKER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sticker.title": "ATM hồ sơ 24/7: dành cho cán bộ",
        "sticker.kiosk": "Tủ {kiosk}, {unit}",
        "sticker.call": "Cần giúp: gọi {hotline}, đọc mã sự cố trên màn hình",
        "sticker.taps": "Bấm 5 lần liên tiếp vào đồng hồ ở góc trên bên phải, trong 4 giây, khi màn "
        "hình đang chờ hoặc báo tạm ngừng phục vụ.",
        "sticker.login": "Rồi nhập: mã số cán bộ, PIN 6 số, mã 6 số trên ứng dụng xác thực. Hoặc đưa "
        "thẻ cán bộ vào đầu đọc, rồi PIN 6 số.",
        "sticker.out": "Xếp xong, bấm «Đăng xuất»: tin nhắn được gửi ngay.",
        "sticker.never": "Không bao giờ hỏi mã của người dân. Không ghi PIN lên tủ.",
    }
)
