"""What each figure is called and how it is defined: on the page, in CSV, JSON and docs/pages.md."""

from __future__ import annotations

from typing import NamedTuple

from sync.central.words import Words


class Defined(NamedTuple):
    """The name of a figure and its definition."""

    name: Words
    definition: Words


FIGURES: dict[str, Defined] = {
    "loaded": Defined(
        Words("Đã xếp vào tủ", "Loaded"),
        Words(
            "Số kết quả được xếp vào tủ trong kỳ. Kết quả xếp lại nhiều lần tính một lần, vào lần"
            " xếp cuối.",
            "Results put into the cabinet in the period. One that was put in again counts once,"
            " when it last was.",
        ),
    ),
    "collected": Defined(
        Words("Đã được nhận", "Collected"),
        Words(
            "Số kết quả mà phần cuối cùng được ghi nhận đã lấy trong kỳ: đúng cửa đã mở rồi đóng"
            " lại.",
            "Results whose last part was stated as collected in the period: the right door"
            " opened, then closed.",
        ),
    ),
    "outside": Defined(
        Words("Nhận ngoài giờ hành chính", "Collected outside office hours"),
        Words(
            "Tỷ lệ trong số đã được nhận: nhận ngoài 7:30–11:30 và 13:00–17:00 của ngày làm việc"
            " (thứ Bảy, Chủ nhật và ngày lễ là ngoài giờ).",
            "Share of those collected: at other times than 7:30–11:30 and 13:00–17:00 of a"
            " working day"
            " (weekends and holidays are outside).",
        ),
    ),
    "wait_median": Defined(
        Words("Thời gian chờ trong tủ, trung vị", "Time in the cabinet, median"),
        Words(
            "Số giờ từ lúc xếp đến lúc nhận của các kết quả nhận trong kỳ: một nửa được nhận"
            " trong thời gian này.",
            "Hours from loading to collecting, of results collected in the period: half took at"
            " most this long.",
        ),
    ),
    "wait_90": Defined(
        Words("Thời gian chờ trong tủ, 9 trên 10", "Time in the cabinet, 9 of 10"),
        Words(
            "Như trên: 9 trên 10 kết quả được nhận trong thời gian này.",
            "As above: 9 of 10 took at most this long.",
        ),
    ),
    "expired": Defined(
        Words("Hết hạn giữ", "Holding ended"),
        Words(
            "Số kết quả đã xếp, có hạn giữ kết thúc trong kỳ mà đến lúc ấy chưa được nhận và chưa"
            " bị thu hồi.",
            "Results that had been loaded, whose holding ended in the period, neither collected"
            " nor withdrawn"
            " by then.",
        ),
    ),
    "on_time": Defined(
        Words("Đúng hẹn", "On time"),
        Words(
            "Tỷ lệ trong số kết quả xếp trong kỳ có ngày hẹn trả: được xếp không muộn hơn ngày"
            " giờ hẹn trả."
            " Kết quả không có ngày hẹn trả không được tính.",
            "Share of results loaded in the period that have a due date: loaded no later than it."
            " Results without a due date do not count.",
        ),
    ),
    "satisfied": Defined(
        Words("Hài lòng trở lên", "Satisfied or better"),
        Words(
            "Tỷ lệ đánh giá 4 hoặc 5 trên 5 tại tủ trong kỳ, cùng số lượt n. Dưới 10 lượt thì"
            " không nêu tỷ lệ."
            " Đánh giá không ghi tên, không bắt buộc; đây là ý kiến tại tủ, không phải chỉ số"
            " SIPAS.",
            "Share of ratings of 4 or 5 of 5 at the cabinet in the period, with their number n."
            " Under 10 no share"
            " is told. Ratings are anonymous and voluntary; they are not the SIPAS survey.",
        ),
    ),
    "faults": Defined(
        Words("Sự cố", "Faults"),
        Words(
            "Số lần tủ ghi nhận một sự cố bắt đầu trong kỳ (bo khóa, cửa kẹt, nguồn điện, máy in"
            " …);"
            " sự cố lặp lại dồn dập chỉ được đếm gộp.",
            "How often the kiosk stated in the period that a fault began (lock board, stuck door,"
            " power,"
            " printer …); floods are counted together.",
        ),
    ),
    "availability": Defined(
        Words("Sẵn sàng phục vụ", "Availability"),
        Words(
            "Tỷ lệ thời gian trong kỳ, kể từ lần đầu nghe được tủ, không có sự cố đã ghi nhận làm"
            " ngừng trả kết quả"
            " (không điều khiển được cửa, hết pin khi mất điện, sổ nhật ký hỏng). Mất liên lạc"
            " không tính là hỏng:"
            " tủ vẫn phục vụ. Thời gian tủ bị tắt chưa nằm trong số này. n: số giờ được xét.",
            "Share of the period, from when the kiosk was first heard of, without a stated fault"
            " that stops pickups"
            " (doors out of reach, battery empty without mains, journal broken). Silence is no"
            " fault: the kiosk"
            " goes on serving. Time switched off is not in it yet. n: hours looked at.",
        ),
    ),
}
UNITS = {
    "count": Words("", ""),
    "percent": Words("%", "%"),
    "hours": Words("giờ", "h"),
}
