"""What the lines of a story say. Data, kept apart from the telling."""

from __future__ import annotations

from sync.central.words import Words
from sync.messages import Kind

CENTRAL = {
    "registered": Words(
        "Bộ phận một cửa đăng ký kết quả này để trả qua tủ.",
        "The office registered this result for the cabinet.",
    ),
    "revoked": Words(
        "Bộ phận một cửa thu hồi: tủ không còn trả kết quả này.",
        "The office withdrew it: the cabinet no longer hands it out.",
    ),
    "revoked-kiosk": Words(
        "Tủ bị thu hồi (báo mất): mọi mã ở tủ này hết giá trị, kể cả mã của kết quả này.",
        "The kiosk was revoked (stolen): every code there is void, this result's too.",
    ),
    "re-issue": Words(
        "{account} yêu cầu gửi lại mã cho người nhận {holder}.",
        "{account} ordered the code of holder {holder} to be sent again.",
    ),
}
NOTICES: dict[tuple[str, str] | str, Words] = {
    ("ready", "sent"): Words(
        "Đã gửi tin nhắn có mã tới số điện thoại đã đăng ký của người nhận {holder}.",
        "The message with the code was sent to the registered phone of holder {holder}.",
    ),
    ("ready", "waiting"): Words(
        "Tin nhắn có mã cho người nhận {holder} đang chờ gửi.",
        "The message with the code for holder {holder} waits to be sent.",
    ),
    ("ready", "void"): Words(
        "Tin nhắn có mã cho người nhận {holder} bị hủy, không gửi.",
        "The message with the code for holder {holder} was cancelled and not sent.",
    ),
    ("ready", "spent"): Words(
        "Đã gửi tin nhắn có mã tới số điện thoại đã đăng ký của người nhận {holder}; mã ấy nay không còn"
        " giá trị.",
        "The message with the code was sent to the registered phone of holder {holder}; that code is void"
        " now.",
    ),
    ("ready", "failed"): Words(
        "Tin nhắn có mã KHÔNG tới được người nhận {holder}: cần gọi điện, hoặc đã gửi qua kênh khác.",
        "The message with the code did NOT reach holder {holder}: call them, unless another way did.",
    ),
    ("reminder", "sent"): Words(
        "Đã nhắc người nhận {holder} bằng tin nhắn.", "Holder {holder} was reminded by message."
    ),
    ("reminder", "waiting"): Words(
        "Tin nhắc cho người nhận {holder} đang chờ gửi.", "A reminder for holder {holder} waits."
    ),
    ("reminder", "void"): Words(
        "Tin nhắc cho người nhận {holder} bị hủy: không còn cần nữa.",
        "A reminder for holder {holder} was cancelled: it was not needed any more.",
    ),
    ("reminder", "failed"): Words(
        "Tin nhắc KHÔNG tới được người nhận {holder}: cần gọi điện, hoặc đã gửi qua kênh khác.",
        "The reminder did NOT reach holder {holder}: call them, unless another way did.",
    ),
    ("expiry", "sent"): Words(
        "Đã báo người nhận {holder} rằng hạn giữ đã hết.",
        "Holder {holder} was told that holding has ended.",
    ),
    ("collected", "sent"): Words(
        "Đã gửi tin nhắn báo kết quả đã được nhận cho người nhận {holder}.",
        "Holder {holder} was told by message that the result was collected.",
    ),
    ("expiry", "waiting"): Words(
        "Tin báo hết hạn giữ cho người nhận {holder} đang chờ gửi.",
        "Word for holder {holder} that holding has ended waits to be sent.",
    ),
    ("expiry", "void"): Words(
        "Tin báo hết hạn giữ cho người nhận {holder} bị hủy: không còn cần nữa.",
        "Word for holder {holder} that holding has ended was cancelled: not needed any more.",
    ),
    ("expiry", "failed"): Words(
        "Tin báo hết hạn giữ KHÔNG tới được người nhận {holder}: cần gọi điện.",
        "Word that holding has ended did NOT reach holder {holder}: call them.",
    ),
    ("collected", "waiting"): Words(
        "Tin báo kết quả đã được nhận cho người nhận {holder} đang chờ gửi.",
        "Word for holder {holder} that the result was collected waits to be sent.",
    ),
    ("collected", "void"): Words(
        "Tin báo đã nhận cho người nhận {holder} không còn đúng: giấy tờ lại ở trong tủ.",
        "Word for holder {holder} that it was collected is no longer true: the papers lie there again.",
    ),
    ("collected", "failed"): Words(
        "Tin báo kết quả đã được nhận KHÔNG tới được người nhận {holder}: cần gọi điện.",
        "Word that the result was collected did NOT reach holder {holder}: call them.",
    ),
    ("slip", "sent"): Words(
        "Đã in phiếu có QR và mã tại quầy cho người nhận {holder}.",
        "A slip with QR and code was printed at the counter for holder {holder}.",
    ),
    ("call", "sent"): Words(
        "Cán bộ đã gọi điện cho người nhận {holder}.", "Staff phoned holder {holder}."
    ),
    ("call", "waiting"): Words(
        "Cần gọi điện cho người nhận {holder}; chưa ai báo đã gọi.",
        "Holder {holder} is to be phoned; nobody has said that it was done.",
    ),
    "other": Words("Tin nhắn cho người nhận {holder}.", "A message for holder {holder}."),
}
KIOSK_LINES: dict[str, Words] = {
    Kind.LOADED: Words(
        "Cán bộ số {staff} xếp vào ngăn {compartment} và đóng cửa.",
        "Staff {staff} put it into compartment {compartment} and closed the door.",
    ),
    Kind.REFUSED: Words(
        "Mã bị từ chối: đúng 4 số cuối của người nhận {holder}, nhưng mã không khớp. Cửa không mở.",
        "A code was refused: last 4 digits of holder {holder}, but another code. No door opened.",
    ),
    Kind.ACCEPTED: Words(
        "Mã đúng của người nhận {holder} được chấp nhận cho ngăn {compartment}.",
        "The right code of holder {holder} was accepted for compartment {compartment}.",
    ),
    Kind.RESUMED: Words(
        "Sau khi mất điện, lần nhận của người nhận {holder} được tiếp tục.",
        "After a power cut the visit of holder {holder} went on.",
    ),
    Kind.OPENED: Words(
        "Cảm biến thấy cửa ngăn {compartment} mở.", "Door {compartment} was seen to open."
    ),
    Kind.NOT_OPENED: Words(
        "Cửa ngăn {compartment} không mở. Giấy tờ vẫn ở trong ngăn, mã vẫn dùng được.",
        "Door {compartment} stayed shut. The papers still lie there, the code still works.",
    ),
    Kind.CLOSED: Words(
        "Cửa ngăn {compartment} được đóng lại.", "Door {compartment} was closed again."
    ),
    Kind.COLLECTED: Words(
        "Cửa ngăn {compartment} được đóng lại sau khi mở: ghi nhận người nhận {holder} đã lấy.",
        "Door {compartment} closed after it had opened: stated as collected by holder {holder}.",
    ),
    Kind.REOPENED: Words(
        "Trong 60 giây sau khi đóng, người nhận {holder} mở lại ngăn {compartment} (quên đồ).",
        "Within 60 s holder {holder} opened compartment {compartment} again (left something).",
    ),
    Kind.LEFT_OPEN: Words(
        "Cửa ngăn {compartment} bị để mở quá lâu.", "Door {compartment} was left open."
    ),
    Kind.UNCONFIRMED: Words(
        "Không thấy rõ cửa ngăn {compartment} mở hay đóng. Cần cán bộ kiểm tra ngăn.",
        "Nobody saw whether door {compartment} opened or closed. Staff must look.",
    ),
    Kind.WRONG_DOOR: Words(
        "Yêu cầu mở ngăn {asked} nhưng ngăn {opened} mở. Các ngăn này ngừng phục vụ để kiểm tra.",
        "Door {asked} was asked for but {opened} opened. Both wait to be checked.",
    ),
    Kind.OPENED_UNASKED: Words(
        "Cửa ngăn {compartment} mở mà không có lệnh. Cần cán bộ kiểm tra ngăn.",
        "Door {compartment} opened unasked. Staff must look.",
    ),
    Kind.DISPUTED: Words(
        "Người nhận báo tại tủ: giấy tờ ở ngăn {compartment} không đúng hoặc không có.",
        "The person at the cabinet said: the papers in {compartment} are wrong or missing.",
    ),
    Kind.RESULT_LOCKED: Words(
        "Mã gõ của người nhận {holder} bị khóa sau nhiều lần sai. Cần gửi mã mới.",
        "Typing the code of holder {holder} was locked after many refusals. Send a new code.",
    ),
    Kind.RECALLED: Words(
        "Tủ ghi nhận lệnh thu hồi kết quả này.", "The cabinet took note that it was withdrawn."
    ),
    Kind.RETRIEVED: Words(
        "Cán bộ số {staff} lấy ra khỏi ngăn {compartment}.",
        "Staff {staff} took it out of compartment {compartment}.",
    ),
    Kind.RELEASED: Words(
        "Cán bộ số {staff} kiểm tra và cho ngăn {compartment} hoạt động lại.",
        "Staff {staff} checked compartment {compartment} and released it.",
    ),
    Kind.AUDITED: Words(
        "Cán bộ số {staff} mở ngăn {compartment} đối chiếu ({finding}).",
        "Staff {staff} looked into compartment {compartment} ({finding}).",
    ),
    Kind.BLOCKED: Words(
        "Ngăn {compartment} ngừng sử dụng.", "Compartment {compartment} was taken out of use."
    ),
    Kind.CONFLICT: Words(
        "Lệnh của trung tâm đến sau việc đã xảy ra tại tủ ({what}).",
        "An order came after what had happened at the cabinet ({what}).",
    ),
    "other": Words("Tủ ghi nhận: {kind}.", "The cabinet stated: {kind}."),
}
STAFF_LINES: dict[str, Words] = {
    Kind.OPENED: Words(
        "Cửa ngăn {compartment} mở cho cán bộ số {staff}.",
        "Door {compartment} opened for staff {staff}.",
    ),
    Kind.NOT_OPENED: Words(
        "Cửa ngăn {compartment} không mở cho cán bộ số {staff}.",
        "Door {compartment} stayed shut for staff {staff}.",
    ),
    Kind.STAFF_AUTHORISED: Words(
        "Cán bộ số {staff} được phép mở ngăn {compartment} ({reason}).",
        "Staff {staff} was allowed to open compartment {compartment} ({reason}).",
    ),
}
UNSURE_KINDS = frozenset(
    {
        Kind.REFUSED,
        Kind.LEFT_OPEN,
        Kind.UNCONFIRMED,
        Kind.WRONG_DOOR,
        Kind.OPENED_UNASKED,
        Kind.DISPUTED,
        Kind.RESULT_LOCKED,
        Kind.CONFLICT,
    }
)
CONCLUSIONS = {
    "collected": Words(
        "Đã được nhận lúc {at} bằng mã hoặc QR của người nhận {holder}: đúng cửa đã mở rồi đóng. Nếu người"
        " đó không nhận, có người khác đã dùng mã của họ: xem camera giờ ấy và báo 1022.",
        "Collected at {at} with the code or QR of holder {holder}: the right door opened and closed. If that"
        " person did not, somebody else used their code: look at the camera of that time and call 1022.",
    ),
    "revoked": Words(
        "Không còn trả qua tủ này. Nơi nhận: {place}.",
        "No longer handed out by this cabinet. To be had: {place}.",
    ),
    "lost": Words(
        "Giấy tờ ở trong tủ khi tủ bị thu hồi (báo mất). Mã đã gửi không mở được gì nữa. Gọi cho người nhận;"
        " cấp lại giấy tờ rồi đăng ký ở tủ khác hoặc trả tại quầy.",
        "The papers were in the kiosk when it was revoked (stolen). The code that was sent opens nothing."
        " Call the holder; make the papers anew, then another kiosk or the counter.",
    ),
    "lost-before": Words(
        "Tủ bị thu hồi trước khi giấy tờ được xếp vào. Giấy tờ còn ở bộ phận một cửa: đăng ký ở tủ khác hoặc"
        " trả tại quầy.",
        "The kiosk was revoked before the papers were put in. They are at the office: another kiosk or the"
        " counter.",
    ),
    "counter": Words("tại quầy", "at the counter"),
    "expected": Words(
        "Chưa được xếp vào tủ, vì vậy chưa có mã nào được gửi. Kết quả còn ở bộ phận một cửa.",
        "Not put into the cabinet yet, so no code was sent. It is still at the office.",
    ),
    "loaded": Words(
        "Đang nằm trong tủ từ {since}, giữ đến {until}. Chưa ai nhận.",
        "Lying in the cabinet since {since}, held until {until}. Nobody has collected it.",
    ),
    "accepted": Words(
        "Mã đã được chấp nhận nhưng chưa thấy cửa mở. Giấy tờ có lẽ còn trong ngăn.",
        "The code was accepted but no door was seen to open. The papers probably still lie there.",
    ),
    "opened": Words(
        "Cửa đã mở và chưa thấy đóng lại. Chưa thể nói là đã nhận.",
        "The door opened and was not seen to close. It cannot be called collected yet.",
    ),
    "unconfirmed": Words(
        "Không rõ giấy tờ còn hay đã được lấy: không thấy rõ cửa mở hay đóng. Cán bộ cần mở ngăn kiểm tra.",
        "Unknown whether the papers are there: the door was not seen well. Staff must look inside.",
    ),
    "disputed": Words(
        "Người nhận báo giấy tờ sai hoặc không có. Cán bộ cần kiểm tra ngăn và gọi lại cho người nhận.",
        "The person said the papers are wrong or missing. Staff must look and call them back.",
    ),
    "retrieved": Words(
        "Cán bộ đã lấy ra khỏi tủ. Kết quả ở bộ phận một cửa.",
        "Staff took it out of the cabinet. It is at the office.",
    ),
    "other": Words("Chưa kết luận được.", "Nothing can be concluded yet."),
}
