"""What each alarm means, in one plain sentence, and what to do. Data, and one look-up.

So the pages say it, the office's door, messages to technicians (the name), and docs/central.md.

The law of this file: every alarm has an answer, also one of a kind that this program does not know.
"""

from __future__ import annotations

from sync.central.advice import Advice, Urgency, say
from sync.central.fault_words import FAULTS
from sync.messages import Kind

FAULT = str(Kind.FAULT)
# Raised by central itself.
REVOKED, ROTATION, STAFF_RENEWED = "revoked", "rotation", "staff-renewed"
SILENT, OUT_OF_SERVICE = "silent", "out-of-service"
# How a kiosk is, not what happened: the pages say so in their own way, and count them as no alarm.
STATES = (SILENT, OUT_OF_SERVICE)
N, D, P = Urgency.NIGHT, Urgency.DAY, Urgency.PAGE

BY_KIOSK: dict[str, Advice] = {
    Kind.CONFLICT: say(
        P,
        ("Lệnh đến sau việc đã xảy ra", "Order after the event"),
        "Trung tâm thu hồi một kết quả khi người nhận đã mở ngăn hoặc đang nhận.",
        "Central withdrew a result that somebody had already opened or was just collecting.",
        "Xem diễn biến của kết quả. Nếu không được trao, gọi cho người nhận.",
        "Read the story of that result. If it should not have been handed out, call the holder.",
    ),
    "conflict:memory": say(
        D,
        ("Tủ có bộ nhớ cũ", "The kiosk has an old memory"),
        "Tủ nhận ra nhật ký của mình không phải bản mới nhất và ngừng trả kết quả.",
        "The kiosk found that its journal is not the newest one and stopped handing out.",
        "Hỏi kỹ thuật: thẻ nhớ có bị thay hay chép lại không. Nếu tủ không tự phục vụ lại khi có mạng:"
        " ghi danh lại và đối chiếu từng ngăn.",
        "Ask the technician whether a card was put back or copied. If it does not recover with a network:"
        " enrol it anew and audit.",
    ),
    "conflict:restored": say(
        D,
        ("Thẻ nhớ cũ đã được bù", "A restored card has caught up"),
        "Tủ chạy trên thẻ nhớ cũ và đã lấy lại nhật ký từ trung tâm; mọi ngăn chờ kiểm tra.",
        "The kiosk ran on an older card and took its rows back from central; every compartment is unchecked.",
        "Giám sát viên mở đối chiếu từng ngăn tại tủ; sau đó tủ phục vụ lại.",
        "A supervisor runs the audit round at the kiosk; then it serves again.",
    ),
    "conflict:set_aside": say(
        D,
        ("Nhật ký bị để riêng", "Rows were set aside"),
        "Tủ để riêng những dòng nhật ký không khớp với trung tâm rồi lấy lại nhật ký của mình.",
        "The kiosk set rows aside that did not fit and took its journal back from central.",
        "Đối chiếu từng ngăn tại tủ, và hỏi kỹ thuật vì sao thẻ nhớ bị thay.",
        "Run the audit round, and ask the technician why the card was changed.",
    ),
    Kind.DISPUTED: say(
        D,
        ("Người nhận báo giấy tờ sai hoặc không có", "Papers disputed"),
        "Người đứng ở ngăn mở báo: ngăn trống, không phải giấy tờ của họ, hoặc thiếu.",
        "The person at the open door said: empty, not mine, or something is missing.",
        "Mở ngăn kiểm tra hôm nay và gọi lại cho người nhận. Ngăn không phục vụ cho đến khi kiểm tra.",
        "Look inside today and call the holder back. The compartment is blocked until then.",
    ),
    Kind.LEFT_OPEN: say(
        D,
        ("Cửa bị để mở", "Door left open"),
        "Một cửa ngăn mở quá lâu sau khi nhận; tủ đã kêu mà không ai đóng.",
        "A door stayed open after a pickup; the kiosk sounded and nobody closed it.",
        "Đến đóng cửa và xem trong ngăn còn giấy tờ không. Các ngăn khác vẫn phục vụ.",
        "Go and close it, and look whether papers are left. Other compartments go on serving.",
    ),
    Kind.MANIFEST_REFUSED: say(
        D,
        ("Tủ từ chối danh sách", "Manifest refused"),
        "Tủ không chấp nhận danh sách mới của trung tâm và vẫn theo danh sách cũ.",
        "The kiosk did not accept central's new list and goes by the one before.",
        "Báo người vận hành trung tâm, kèm chữ trong chi tiết. Mã mới chưa dùng được ở tủ này.",
        "Tell whoever runs central, with the word in the details. New codes do not work there yet.",
    ),
    Kind.OPENED_UNASKED: say(
        N,
        ("Cửa mở không có lệnh", "Door opened unasked"),
        "Một cửa ngăn mở mà tủ không ra lệnh: bị cạy, mở bằng chìa, hoặc khóa hỏng.",
        "A door opened that nobody had asked for: forced, opened by key, or its lock is broken.",
        "Xem camera giờ ấy; đến kiểm tra ngăn hôm nay. Nếu bị cạy: báo công an, đừng chạm vào cửa.",
        "Look at the camera of that time; check the compartment today. If forced: the police first.",
    ),
    Kind.RESULT_LOCKED: say(
        P,
        ("Mã bị khóa sau nhiều lần sai", "Code locked"),
        "Có người bấm sai mười lần liền với 4 số cuối của một người nhận; mã gõ của họ bị khóa.",
        "Ten wrong codes in a row were typed on one holder's digits; their typed code is locked.",
        "Mở kết quả và bấm gửi lại mã: mã mới mở khóa. Mã QR vẫn dùng được.",
        "Open the result and send the code again: a new code lifts the lock. The QR still works.",
    ),
    Kind.UNCONFIRMED: say(
        D,
        ("Không rõ cửa mở hay đóng", "Door not seen well"),
        "Trong một lần nhận, tủ không thấy rõ cửa có mở hoặc đóng; không biết giấy tờ còn hay mất.",
        "During a pickup the door was not seen well; whether the papers are gone is not known.",
        "Mở ngăn kiểm tra tại tủ. Còn giấy tờ: mã cũ dùng được lại. Trống: gọi hỏi người nhận.",
        "Look inside. Papers there: the code works again. Empty: call the holder.",
    ),
    Kind.WRONG_DOOR: say(
        N,
        ("Mở sai cửa", "Wrong door"),
        "Tủ ra lệnh mở một ngăn nhưng ngăn khác mở: dây khóa bị nối nhầm. Dãy ấy ngừng phục vụ.",
        "Another door opened than was asked: locks are wired crosswise. That bank has stopped.",
        "Kiểm tra cả hai ngăn ngay; gọi kỹ thuật kiểm tra dây khóa trước khi cho dùng lại.",
        "Check both compartments now; the technician proves the wiring before it is released.",
    ),
}
BY_CENTRAL: dict[str, Advice] = {
    "fork": say(
        D,
        ("Hai nhật ký khác nhau của một tủ", "Two journals of one kiosk"),
        "Hai bản của cùng một tủ đang báo cáo khác nhau: thẻ nhớ bị chép, hoặc khóa bị lấy.",
        "Two copies of one kiosk report different things: a card was copied, or its keys were taken.",
        "Gọi kỹ thuật: tìm bản thứ hai. Ghi danh lại tủ thật rồi đối chiếu. Nghi mất cắp: thu hồi tủ.",
        "Find the second copy. Enrol the true kiosk anew and audit. If stolen: revoke the kiosk.",
    ),
    "memory": say(
        D,
        ("Tủ có bộ nhớ cũ", "The kiosk has an old memory"),
        "Tủ báo một nhật ký ngắn hơn hoặc khác với bản trung tâm đã nhận.",
        "The kiosk names a journal that is shorter than, or other than, the one central holds.",
        "Hỏi kỹ thuật: thẻ nhớ có bị thay hay chép lại không. Nếu tủ không tự phục vụ lại: ghi danh lại.",
        "Ask whether a card was put back or copied. If it does not recover by itself: enrol it anew.",
    ),
    "damaged": say(
        P,
        ("Dòng nhật ký hỏng", "Damaged journal row"),
        "Tủ không đọc được một dòng nhật ký cũ của chính mình; chỗ ấy để trống, các dòng sau vẫn đúng.",
        "The kiosk cannot read a row of its own journal; its place stays empty, later rows are good.",
        "Một lần: ghi lại. Lặp lại: thẻ nhớ sắp hỏng, thay thẻ (ghi danh lại).",
        "Once: note it. Again: the card is dying, replace it (enrol anew).",
    ),
    "quarantined": say(
        D,
        ("Dòng nhật ký không tin được", "Journal row not believed"),
        "Trung tâm nhận một dòng không có chữ ký đúng của tủ; không dùng, các dòng sau vẫn đúng.",
        "Central received a row without this kiosk's good signature; it is not used, later ones are.",
        "Báo người vận hành trung tâm: dữ liệu bị hỏng hoặc bị sửa trên đường đi.",
        "Tell whoever runs central: something on the way garbles or alters data.",
    ),
    "stale-epoch": say(
        D,
        ("Nhật ký của lần ghi danh cũ", "Journal of an older enrolment"),
        "Có máy vẫn gọi bằng khóa cũ của tủ này: thẻ nhớ cũ hoặc một bản sao đang chạy.",
        "Something still calls with this kiosk's old keys: the card before, or a copy of it, is running.",
        "Tìm thẻ nhớ cũ và hủy nó. Trung tâm không nhận gì từ nó.",
        "Find the old card and destroy it. Central takes nothing from it.",
    ),
    "enrolment-code": say(
        D,
        ("Mã ghi danh bị dùng lại", "Enrolment code used again"),
        "Có người thử mã ghi danh đã dùng của tủ này với khóa khác.",
        "Somebody tried this kiosk's used enrolment code with other keys.",
        "Hỏi kỹ thuật có ghi danh lại không. Nếu không: mã đã lộ; kiểm tra ai cầm mã.",
        "Ask the technician. If it was not them, the code has leaked: find out who had it.",
    ),
    REVOKED: say(
        N,
        ("Tủ đã thu hồi lại gọi về", "A revoked kiosk calls"),
        "Bộ điều khiển của tủ đã báo mất đang chạy và có mạng ở đâu đó.",
        "The controller that was reported stolen is running somewhere, with a network.",
        "Báo công an kèm giờ gọi (nhật ký máy chủ có địa chỉ mạng). Không cần làm gì ở trung tâm.",
        "Tell the police, with the time (the balancer's log has its address). Central needs nothing.",
    ),
    ROTATION: say(
        D,
        ("Tủ chưa theo khóa mới", "Has not followed the new key"),
        "Đã 30 ngày từ khi đổi khóa của trung tâm mà tủ này chưa xác nhận khóa mới.",
        "30 days after central's key began to change this kiosk has not stated the new one.",
        "Cho tủ liên lạc: kiểm tra mạng, hoặc mang danh sách tới bằng USB. Khóa cũ giữ đến khi đó.",
        "Bring it in contact: its network, or the manifest on a USB stick. The old key stays until then.",
        heals=True,
    ),
    STAFF_RENEWED: say(
        D,
        ("Cán bộ được đổi PIN và thẻ", "Staff credentials replaced"),
        "Cán bộ ở tủ này cũng có trong một tủ bị mất: PIN, mã xác thực và thẻ cũ đã hết giá trị.",
        "Staff here were also listed in a stolen kiosk: their old PIN, authenticator and card are void.",
        "Nhận PIN, mã xác thực và thẻ mới từ người vận hành trung tâm; mất bản in thì đặt lại.",
        "Get the new ones from whoever runs central; if the print is lost, they are set anew.",
    ),
    SILENT: say(
        D,
        ("Mất liên lạc", "Silent"),
        "Trung tâm không nghe được tủ hơn nửa giờ. Tủ vẫn mở bằng mã đã gửi.",
        "Central has not heard the kiosk for over half an hour. It goes on serving sent codes.",
        "Giờ làm việc: kiểm tra điện và mạng của tủ. Nhiều tủ cùng lúc: gọi nhà mạng.",
        "In office hours: look at its mains and network. Many at once: call the network's operator.",
        heals=True,
    ),
    OUT_OF_SERVICE: say(
        N,
        ("Tủ ngừng phục vụ", "Out of service"),
        "Tủ tự báo đang không trả kết quả được.",
        "The kiosk says itself that it cannot hand out anything.",
        "Đến xem màn hình của tủ: nó nói vì sao và cần ai.",
        "Go and read its screen: it says why and whom it needs.",
        heals=True,
    ),
}
OTHER = say(
    D,
    ("Cảnh báo", "Alarm"),
    "Tủ hoặc trung tâm báo một việc mà bản này chưa biết tên.",
    "The kiosk or central reports something that this version has no words for.",
    "Xem chi tiết và hỏi người vận hành trung tâm.",
    "Read the details and ask whoever runs central.",
)
ALARMS: dict[str, Advice] = {**BY_KIOSK, **BY_CENTRAL}


def advice(kind: str, what: str = "") -> Advice:
    """What an alarm of this kind means; `what` is of a fault (`stuck:9`) or a conflict."""
    word = what.partition(":")[0]
    if kind == FAULT:
        return FAULTS.get(word, FAULTS[""])
    return ALARMS.get(f"{kind}:{word}") or ALARMS.get(kind, OTHER)
