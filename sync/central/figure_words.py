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
            "Trong thời gian biết rõ của kỳ (từ lần đầu nghe được tủ, trừ thời gian mất liên lạc): tỷ lệ"
            " thời gian tủ phục vụ. Không phục vụ là khi chính tủ báo: sự cố làm ngừng trả kết quả (không"
            " điều khiển được cửa, pin cạn) hoặc tình trạng “ngừng phục vụ”, cho đến khi"
            " tủ báo đã hết. Mất liên lạc không tính là hỏng và không tính là phục vụ. n: số giờ biết rõ.",
            "Of the time in the period that is known (from when the kiosk was first heard of, less the time"
            " without contact): the share in which it served. It did not serve when it said so itself: a"
            " fault that stops pickups (doors out of reach, battery empty) or health that"
            " says out of service, until it said that this was over. Silence counts neither as broken nor"
            " as serving. n: hours known.",
        ),
    ),
    "out": Defined(
        Words("Ngừng phục vụ", "Out of service"),
        Words(
            "Số giờ trong kỳ mà tủ tự báo không phục vụ, như trên; tình trạng tủ gửi về mười phút một lần.",
            "Hours in the period in which the kiosk itself said that it did not serve, as above; its health"
            " arrives every ten minutes.",
        ),
    ),
    "silent": Defined(
        Words("Mất liên lạc", "Without contact"),
        Words(
            "Tỷ lệ thời gian trong kỳ mà trung tâm không nghe được tủ từ 5 phút trở lên và tủ không báo"
            " ngừng phục vụ: mất mạng, hoặc tủ bị tắt. Tủ mất mạng vẫn mở bằng mã đã gửi; vì không biết nên"
            " không tính vào mục trên. n: số giờ được xét.",
            "Share of the period in which central did not hear the kiosk for 5 minutes or more and it had"
            " not said that it is out of service: no network, or switched off. Without a network a kiosk"
            " goes on serving the codes that were sent; since nobody knows, this time is not in the figure"
            " above. n: hours looked at.",
        ),
    ),
}
UNITS = {
    "count": Words("", ""),
    "percent": Words("%", "%"),
    "hours": Words("giờ", "h"),
}
