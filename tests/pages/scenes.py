"""A fictional ward on a busy morning and a fleet around it, for the browser test and the pictures in docs."""

from __future__ import annotations

from tests.pages.town import DAY_MS, HOUR_MS, MINUTE_MS, Town

PEOPLE = (
    "Nguyễn Văn Anh",
    "Trần Thị Bưởi",
    "Lê Hoàng Chương",
    "Phạm Ngọc Dung",
    "Đặng Quốc Em",
    "Võ Thị Gấm",
    "Y Bhăm Êban",
    "Huỳnh Tấn Khôi",
    "Bùi Thị Lựu",
    "Đỗ Minh Nhật",
)
UNITS = ("P.Cầu Kiệu", "X.Long Hải", "P.Cát Lái", "X.Đông Thạnh", "P.Tân Hưng")


def morning(town: Town) -> str:
    """Papers in every state at bt01; the cid of one that was collected last evening."""
    kiosk = town.kiosks["bt01"]
    town.now.ms -= 9 * DAY_MS
    for number, name in enumerate(PEOPLE[:2], start=1):
        kiosk.load(town.register("bt01", f"H29.915-261109-{number:04}", name), number)
    town.now.ms += 7 * DAY_MS
    cids = [
        town.register("bt01", f"H29.915-261116-{n:04}", name, due_ms=town.now.ms + DAY_MS)
        for n, name in enumerate(PEOPLE[2:9], start=31)
    ]
    for number, cid in enumerate(cids, start=5):
        town.now.ms += 20 * MINUTE_MS
        kiosk.load(cid, number)
    town.now.ms += 4 * MINUTE_MS
    town.send()
    town.now.ms += DAY_MS + 8 * HOUR_MS
    kiosk.state("refused", via="code", typed_for=[[cids[0], "h1"]])
    town.now.ms += MINUTE_MS
    kiosk.collect(cids[0], 5)
    kiosk.state("rated", score=5)
    kiosk.state("unconfirmed", cid=cids[1], compartment=6, reason="unseen")
    town.send()
    town.now.ms += 12 * HOUR_MS
    town.register("bt01", "H29.915-261118-0077", PEOPLE[9])
    kiosk.state("left_open", compartment=14)
    kiosk.health(blocked=[20], unchecked=[6], faults=["printer_paper_low"])
    town.now.ms += MINUTE_MS // 2
    return cids[0]


def fleet(town: Town) -> None:
    """Twenty more kiosks: one that strands people, some work, one broken network, the rest well."""
    start = town.now.ms
    town.now.ms -= 3 * HOUR_MS
    for n in range(1, 21):
        unit = UNITS[n - 1] if n <= len(UNITS) else f"P.Mẫu {n}"
        town.kiosk(f"k{n:02}", unit, f"{n} Đường Số 7")
    town.kiosks["k01"].load(town.register("k01", "H29.901-261118-0001"), 1)
    town.kiosks["k01"].load(town.register("k01", "H29.901-261118-0002"), 2)
    town.now.ms = start - 2 * HOUR_MS
    for n in range(8, 14):
        town.kiosks[f"k{n:02}"].health()
    town.now.ms = start - 25 * HOUR_MS
    town.kiosks["k05"].health()
    town.now.ms = start - 20_000
    for n in (1, 2, 3, 4, 6, 7, *range(14, 21)):
        town.kiosks[f"k{n:02}"].health()
    town.kiosks["k01"].health(serving=False, outage="doors", faults=["board_lost:rs485/1"])
    town.kiosks["k02"].health(faults=["stuck:9", "mains_lost"], mains=False)
    town.kiosks["k03"].state("opened_unasked", compartment=4)
    town.kiosks["k04"].health(blocked=[3, 4], faults=["printer_paper_out"])
    town.now.ms = start
