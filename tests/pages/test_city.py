"""The city's page, and figures as page, CSV and JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from sync.central.figure_words import FIGURES
from sync.central.pages.figures_page import CSV_COLUMNS
from tests.pages.browser import Browser
from tests.pages.town import HOUR_MS, MINUTE_MS, Town

Browse = Callable[..., Browser]


def _busy(town: Town, kiosk: str, first: int) -> None:
    """Twelve loaded at half past nine, ten collected: five at noon, five in the evening."""
    cabinet, start = town.kiosks[kiosk], town.now.ms
    cids = [
        town.register(kiosk, f"H29.915-261118-{first + n:04}", due_ms=start - 1 + (n % 4 > 0))
        for n in range(12)
    ]
    for number, cid in enumerate(cids, start=1):
        cabinet.load(cid, number)
    town.now.ms += int(2.5 * HOUR_MS)
    for number, cid in enumerate(cids[:5], start=1):
        cabinet.collect(cid, number)
        cabinet.state("rated", score=5)
    town.now.ms += 6 * HOUR_MS
    for number, cid in enumerate(cids[5:10], start=6):
        cabinet.collect(cid, number)
        cabinet.state("rated", score=3 if number == 6 else 4)
    cabinet.state("fault", what="printer_lost")
    town.now.ms = start


def test_the_fleet_is_sorted_by_who_needs_a_human_and_an_outage_is_one_line(
    browse: Browse, town: Town
) -> None:
    for n in range(2, 8):
        town.kiosk(f"k{n}", f"P.Mẫu {n}")
    town.now.ms += 30 * MINUTE_MS
    for name in ("bt01", "k2", "k3"):
        town.kiosks[name].health()
    town.kiosks["k3"].health(serving=False, outage="doors")
    town.kiosks["k3"].load(town.register("k3", "H29.915-261118-0001"), 1)
    town.kiosks["k2"].health(faults=["board_lost:a/1"])
    page = browse().sign_in("minh").see("/fleet")
    order = ["Có người đang chờ ngay 1", "P.Mẫu 3", "không điều khiển được cửa"]
    order += ["Trong hôm nay 1", "P.Mẫu 2", "mất bo khóa", "Khi tiện 1"]
    order += ["4 tủ mất liên lạc cùng lúc", "Không cần ai 1", "P.Bình Tiên"]
    places = [page.index(text) for text in order]
    assert places == sorted(places)


def test_page_csv_and_json_tell_the_same_figures_with_their_definitions(
    browse: Browse, town: Town
) -> None:
    _busy(town, "bt01", 100)
    town.now.ms += 9 * HOUR_MS
    browser = browse().sign_in("lan")
    told = {f["key"]: f for f in browser.get("/figures.json?period=2026-11").json()["figures"]}
    values = {key: (one["value"], one["n"]) for key, one in told.items()}
    assert values == {
        "loaded": (12, None),
        "collected": (10, None),
        "outside": (100.0, 10),  # noon and evening
        "wait_median": (2.5, 10),
        "wait_90": (8.5, 10),
        "expired": (0, None),
        "on_time": (75.0, 12),
        "satisfied": (90.0, 10),
        "faults": (1, None),
        "availability": (100.0, 8),
        "out": (0.0, None),
        "silent": (5.6, 9),  # it was not heard in the last half hour
    }
    answer = browser.get("/figures.csv?period=2026-11")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert tuple(rows[0]) == CSV_COLUMNS
    for row in rows:
        value, n = values[row["figure"]]
        assert (row["value"], row["n"]) == (str(value), "" if n is None else str(n))
        assert row["definition"] == FIGURES[row["figure"]].definition.vi
        assert row["period"] == "2026-11"
    page = browser.see("/figures?period=2026-11")
    for words in FIGURES.values():
        assert words.name.vi in page
        assert words.definition.vi in page
    assert "90 % n = 10" in page
    assert "2,5 giờ" in page


def test_the_citys_figures_are_those_of_all_kiosks_and_of_one_when_asked(
    browse: Browse, town: Town
) -> None:
    town.kiosk("ck02", "P.Cầu Kiệu")
    _busy(town, "bt01", 100)
    _busy(town, "ck02", 200)
    town.now.ms += 9 * HOUR_MS
    browser = browse().sign_in("minh")

    def loaded(query: str) -> float:
        (one,) = [
            f
            for f in browser.get(f"/figures.json?{query}").json()["figures"]
            if f["key"] == "loaded"
        ]
        return float(one["value"])

    assert loaded("period=2026-11") == 24
    assert loaded("period=2026-11&kiosk=ck02") == 12
    assert loaded("period=2026-Q4&kiosk=all") == 24
    assert loaded("period=2026-10") == 0


def test_a_result_that_was_loaded_again_counts_once(browse: Browse, town: Town) -> None:
    cid = town.register("bt01", "H29.915-261118-0001")
    kiosk = town.kiosks["bt01"]
    kiosk.load(cid, 1)
    kiosk.state("retrieved", cid=cid, compartment=1, staff="7")
    kiosk.load(cid, 2)
    browser = browse().sign_in("lan")
    told = {f["key"]: f["value"] for f in browser.get("/figures.json").json()["figures"]}
    assert told["loaded"] == 1
