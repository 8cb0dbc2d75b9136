"""What each fault of a kiosk means and what to do, by the beginning of `what`. Data.

`heals`: when the kiosk states that it is over, it is. `restated`: a start of the kiosk ends it unless it
is stated anew. The others stay until a person has looked.
"""

from __future__ import annotations

from functools import partial

from sync.central.advice import Advice, Urgency, say

N, D, P = Urgency.NIGHT, Urgency.DAY, Urgency.PAGE
_device = partial(say, heals=True, restated=True)

LOCKS: dict[str, Advice] = {
    "doors": _device(
        N,
        ("không đọc được cửa", "doors not read"),
        "Không bo khóa nào trả lời: tủ không mở được cửa nào và ngừng phục vụ.",
        "No lock board answers: no door can be opened and the kiosk has stopped serving.",
        "Kiểm tra nguồn 12 V và dây của các bo khóa. Giấy tờ trong tủ vẫn an toàn.",
        "Look at the 12 V supply and the boards' cable. The papers inside are safe.",
    ),
    "board_lost": _device(
        D,
        ("mất bo khóa", "lock board lost"),
        "Một bo khóa không trả lời; các ngăn của nó không mở được, ngăn khác vẫn phục vụ.",
        "A lock board does not answer; its doors stay shut, the others go on serving.",
        "Kiểm tra nguồn, dây và địa chỉ của bo có tên trong chi tiết.",
        "Look at supply, cable and address of the board named in the details.",
    ),
    "board_output_stuck": _device(
        N,
        ("rơ le khóa không nhả", "lock relay stays on"),
        "Một rơ le của bo khóa vẫn đóng sau lệnh mở: cuộn khóa có thể nóng lên.",
        "A relay of a lock board stayed on after its pulse: a coil may overheat.",
        "Ngắt nguồn 12 V của bo ấy ngay, rồi thay bo.",
        "Cut that board's 12 V now, then change the board.",
    ),
    "board_address_clash": _device(
        D,
        ("trùng địa chỉ bo khóa", "two boards with one address"),
        "Hai bo khóa trả lời cùng một địa chỉ.",
        "Two lock boards answer under one address.",
        "Đặt lại địa chỉ của một bo, rồi chạy “kiosk doctor”.",
        "Give one of them another address, then run “kiosk doctor”.",
    ),
    "board_wrong_mode": _device(
        D,
        ("bo khóa sai chế độ", "lock board in the wrong mode"),
        "Đầu vào của bo có thể tự đóng rơ le; tủ không ra lệnh mở trên bo ấy.",
        "Inputs of the board could drive its relays; the kiosk pulses nothing there.",
        "Đặt mọi kênh của bo về chế độ 0 (xem wiring.md).",
        "Set every channel of the board to mode 0 (wiring.md).",
    ),
    "port_lost": _device(
        D,
        ("mất cổng nối bo khóa", "port lost"),
        "Cổng nối tới các bo khóa biến mất; mọi ngăn trên đường ấy không mở được.",
        "The port to the lock boards is gone; no door on that line can be opened.",
        "Kiểm tra bộ chuyển USB và phích cắm; tủ tự nhận lại khi cắm.",
        "Look at the USB adapter and its plug; the kiosk takes it back by itself.",
    ),
    "stuck": say(
        D,
        ("cửa kẹt", "stuck door"),
        "Một cửa ngăn không mở dù khóa đã được lệnh; giấy tờ vẫn ở trong.",
        "A door stayed shut although its lock was pulsed; the papers are still inside.",
        "Mở ngăn ở chế độ cán bộ hoặc bằng chìa; chỉnh lại khóa, lẫy và bản lề.",
        "Open it as staff or by key; adjust lock, catch and hinge.",
        heals=True,
    ),
    "missing": say(
        D,
        ("thiếu giấy tờ", "papers missing"),
        "Cán bộ mở ngăn và thấy trống, nhưng nhật ký cho là giấy tờ phải ở đó.",
        "Staff looked in and found it empty, though papers should lie there.",
        "Đọc diễn biến của kết quả và xem camera; gọi cho người nhận.",
        "Read the story of that result and look at the camera; call the holder.",
    ),
    "sensor_stuck": say(
        D,
        ("cảm biến kẹt", "stuck sensor"),
        "Lệnh mở được bo nhận mà cảm biến cửa không hề đổi: hỏng khóa, cảm biến hoặc dây.",
        "The board took the pulses but the door's contact never moved: lock, contact or wire.",
        "Kiểm tra khóa, cảm biến và dây của ngăn ấy, rồi “Thử cửa ngăn”.",
        "Look at lock, contact and wires of that door, then “test the door”.",
        heals=True,
    ),
    "flapping": _device(
        P,
        ("cảm biến chập chờn", "sensor flapping"),
        "Cảm biến của một cửa bật tắt liên tục; ngăn ấy tạm coi là không rõ.",
        "A door's contact comes and goes; that compartment counts as unknown meanwhile.",
        "Siết lại đầu dây, chỉnh nam châm gần cảm biến.",
        "Tighten its wires, move magnet and contact closer.",
    ),
}
POWER: dict[str, Advice] = {
    "mains_lost": _device(
        D,
        ("mất điện lưới", "no mains"),
        "Tủ mất điện lưới và đang chạy bằng pin.",
        "The mains are gone and the kiosk runs on its battery.",
        "Cúp điện khu vực: chờ. Chỉ mình tủ: kiểm tra phích và cầu dao trước khi hết pin.",
        "A power cut: wait. The kiosk alone: look at plug and breaker before the battery is empty.",
    ),
    "battery_low": _device(
        D,
        ("pin yếu", "battery low"),
        "Pin sắp hết: tủ không mở cửa nữa để còn kịp ghi sổ và tắt an toàn.",
        "The battery is nearly empty: no door is opened any more, so that it can shut down well.",
        "Có điện lưới là tủ tự phục vụ lại. Điện vẫn có mà pin yếu: thay pin.",
        "It serves again with the mains. Low although the mains are there: change the battery.",
    ),
    "hot": _device(
        D,
        ("quá nóng", "too hot"),
        "Trong tủ nóng quá mức cho phép.",
        "It is hotter inside the cabinet than it should be.",
        "Kiểm tra quạt và lỗ thông gió; che nắng cho tủ.",
        "Look at fan and vents; shade the cabinet.",
    ),
    "power_lost": _device(
        P,
        ("không đo được nguồn", "power not measured"),
        "Không đo được điện lưới hoặc pin; tủ vẫn phục vụ.",
        "Mains or battery cannot be measured; the kiosk goes on serving.",
        "Khi tiện: kiểm tra dây I²C của mạch nguồn.",
        "When convenient: the I²C wires of the power board.",
    ),
    "thermometer_lost": _device(
        P,
        ("mất nhiệt kế", "thermometer lost"),
        "Không đo được nhiệt độ trong tủ.",
        "The temperature inside cannot be measured.",
        "Khi tiện: kiểm tra nhiệt kế.",
        "When convenient: look at the thermometer.",
    ),
    "tamper_opened": say(
        N,
        ("vỏ tủ bị mở", "housing opened"),
        "Vỏ tủ, nơi có bộ điều khiển và khóa, vừa bị mở.",
        "The housing with the controller and the keys was opened.",
        "Không phải kỹ thuật của mình: xem camera, báo công an. Mất thẻ nhớ: thu hồi tủ ngay.",
        "If it was not your technician: camera, police. If the card is gone: revoke the kiosk at once.",
    ),
    "tamper_lost": _device(
        D,
        ("mất cảm biến vỏ tủ", "tamper loop lost"),
        "Không biết vỏ tủ có bị mở hay không.",
        "Whether the housing is open is not known any more.",
        "Trong hôm nay: kiểm tra dây cảm biến vỏ tủ.",
        "Today: look at the tamper loop's wires.",
    ),
}
PANEL: dict[str, Advice] = {
    "scanner_lost": _device(
        D,
        ("mất đầu đọc", "scanner lost"),
        "Đầu đọc QR không hoạt động; người nhận vẫn bấm mã được.",
        "The QR scanner does not work; people can still type their code.",
        "Rút ra cắm lại; còn lỗi thì thay.",
        "Unplug and plug it again; else change it.",
    ),
    "keypad_lost": _device(
        P,
        ("mất bàn phím số", "number pad lost"),
        "Bàn phím số không hoạt động; màn hình vẫn bấm được.",
        "The number pad does not work; the screen does.",
        "Rút ra cắm lại; còn lỗi thì thay.",
        "Unplug and plug it again; else change it.",
    ),
    "printer_lost": _device(
        P,
        ("mất máy in", "printer lost"),
        "Máy in biên nhận không hoạt động; tủ vẫn trả kết quả.",
        "The receipt printer does not work; results are handed out all the same.",
        "Kiểm tra nguồn và dây máy in.",
        "Look at its supply and cable.",
    ),
    "printer_paper_out": _device(
        P,
        ("máy in hết giấy", "printer out of paper"),
        "Máy in biên nhận hết giấy.",
        "The receipt printer is out of paper.",
        "Thay cuộn giấy.",
        "Put in a new roll.",
    ),
    "printer_paper_low": _device(
        P,
        ("máy in sắp hết giấy", "printer paper low"),
        "Máy in biên nhận sắp hết giấy.",
        "The receipt printer is nearly out of paper.",
        "Mang theo cuộn giấy lần tới.",
        "Bring a roll next time.",
    ),
    "light_lost": _device(
        P,
        ("mất đèn báo", "status light lost"),
        "Đèn báo của tủ không hoạt động.",
        "The status light does not work.",
        "Khi tiện: kiểm tra dây đèn.",
        "When convenient: look at its wires.",
    ),
    "buzzer_lost": _device(
        P,
        ("mất còi", "buzzer lost"),
        "Còi của tủ không hoạt động: cửa để mở sẽ không kêu.",
        "The buzzer does not work: an open door makes no sound.",
        "Khi tiện: kiểm tra dây còi.",
        "When convenient: look at its wires.",
    ),
}
PROGRAM: dict[str, Advice] = {
    "guessing": say(
        D,
        ("dò mã, tạm ngừng gõ mã", "guessing, typing paused"),
        "Có người bấm sai quá nhiều lần; tủ tạm ngừng nhận mã gõ, QR vẫn dùng được.",
        "Somebody typed too many wrong codes; typing pauses, QR codes still work.",
        "Xem camera giờ ấy. Tủ tự mở lại; không cần làm gì ở trung tâm.",
        "Look at the camera of that time. It recovers by itself; central needs nothing.",
    ),
    "space": _device(
        D,
        ("gần đầy bộ nhớ", "disk nearly full"),
        "Thẻ nhớ gần đầy: tủ không cho xếp thêm, vẫn trả kết quả.",
        "The card is nearly full: nothing more can be loaded, pickups go on.",
        "Kỹ thuật dọn thẻ nhớ trong ngày (operations.md). Không xóa journal.db.",
        "The technician makes room today (operations.md). Never delete journal.db.",
    ),
    "journal": say(
        D,
        ("sổ nhật ký hỏng một phần", "journal partly damaged"),
        "Một điểm ghi nhớ của sổ nhật ký không dùng được; tủ đã đọc lại từ điểm cũ hơn.",
        "A checkpoint of the journal could not be used; the kiosk went back to an older one.",
        "Chạy “kiosk journal verify” tại tủ; thẻ nhớ có thể sắp hỏng.",
        "Run “kiosk journal verify” there; the card may be dying.",
    ),
    "mass_absence": say(
        D,
        ("danh sách thiếu nhiều kết quả", "many results absent"),
        "Danh sách mới thiếu hơn nửa số kết quả đang nằm trong tủ; mã của chúng tạm ngừng.",
        "The new list lacks over half of what lies in the cabinet; those codes are suspended.",
        "Trung tâm vừa được khôi phục từ bản cũ? Đăng ký lại các kết quả ấy, mã sẽ dùng được lại.",
        "Was central restored from an old copy? Register those results again; their codes come back.",
    ),
    "manifest_twins": say(
        D,
        ("hai danh sách cùng số", "two manifests of one version"),
        "Tủ nhận hai danh sách khác nhau mang cùng một số phiên bản.",
        "The kiosk was given two different manifests of one version.",
        "Báo người vận hành trung tâm ngay: hai trung tâm cùng chạy, hoặc khóa trung tâm bị lộ.",
        "Tell whoever runs central at once: two centrals are running, or its key has leaked.",
    ),
    "lower_gen": say(
        D,
        ("danh sách cũ hơn cho một kết quả", "an older secret for a result"),
        "Danh sách mới mang mã đời cũ hơn của một người nhận; mã ấy không mở được.",
        "The new list holds an older secret of a holder; that code opens nothing.",
        "Gửi lại mã cho kết quả ấy; báo người vận hành trung tâm.",
        "Send that result's code again; tell whoever runs central.",
    ),
    "upgrade_failed": say(
        D,
        ("nâng cấp không thành", "upgrade failed"),
        "Phiên bản mới không báo khỏe nên tủ tự quay về phiên bản cũ và vẫn phục vụ.",
        "The new version did not report healthy; the kiosk went back to the one before and serves.",
        "Không gấp. Đọc “journalctl -u kiosk” tại tủ trước khi thử nâng cấp lại.",
        "No hurry. Read “journalctl -u kiosk” there before the upgrade is tried again.",
    ),
    "": say(
        D,
        ("sự cố", "fault"),
        "Tủ báo một sự cố mà bản này chưa biết tên.",
        "The kiosk states a fault that this version has no words for.",
        "Xem chi tiết và màn hình “Tình trạng tủ”; gọi kỹ thuật.",
        "Read the details and the page “state of the kiosk” there; call the technician.",
    ),
}
FAULTS: dict[str, Advice] = {**LOCKS, **POWER, **PANEL, **PROGRAM}
