"""A QR on paper: only while the code may be out, and every one in the books."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from sync.central import codes, holders
from sync.central.office_tables import Slip
from sync.central.slips import svg
from tests.sync.test_central_journal import take
from tests.sync.test_central_office import REGISTER, Office, kind_of
from tests.sync.world import KIOSK, NOW, World, serving


@pytest.fixture
def root(world: World) -> Iterator[Office]:
    with serving(world.store) as url:
        yield Office(url, world.store.settings.office_key)


def test_a_slip_is_printed_while_the_code_may_be_out_and_every_one_is_counted(
    world: World, root: Office
) -> None:
    cid = str(root.ask("POST", "/results", REGISTER).json()["cid"])
    path = f"/results/{cid}/holders/h1/slip"
    assert kind_of(root.ask("GET", path)) == "cannot-be"
    take(world, world.journal.state("loaded", cid=cid, compartment=3))
    assert kind_of(root.ask("GET", path)) == "cannot-be"  # the loading may be undone
    take(world, world.journal.state("staff_out", staff="7"))
    slip = root.ask("GET", path)
    assert (slip.status_code, slip.headers["Content-Type"]) == (200, "image/svg+xml")
    assert slip.headers["Cache-Control"] == "no-store"
    with world.store.begin() as session:
        held = holders.of(session, cid)[0]
        code = codes.code_at(holders.open_holder(world.store, held)[1], held.counter)
        (row,) = session.scalars(select(Slip)).all()
    assert f">{code[:4]} {code[4:]}</text>" in slip.text
    assert "0530004821" not in slip.text
    assert (row.cid, row.holder, row.by, row.at_ms) == (cid, "h1", "office", NOW)
    assert root.ask("GET", f"/results/{cid}").json()["holders"][0]["slips"] == 1
    assert root.ask("GET", f"/results/{cid}/holders/h9/slip").status_code == 404
    world.now.ms += 30 * 86_400_000
    assert kind_of(root.ask("GET", path)) == "cannot-be"
    take(world, world.journal.state("collected", cid=cid, compartment=3, holder="h1"))
    assert kind_of(root.ask("GET", path)) == "cannot-be"


def test_the_qr_of_a_slip_is_the_text_that_the_kiosk_reads() -> None:
    text = codes.qr_text(KIOSK, codes.new_token())
    page = ET.fromstring(svg(text, "4827 1639", above=("P.<&>",), below=("x",)))
    space = "{http://www.w3.org/2000/svg}"
    assert [line.text for line in page.iter(f"{space}text")] == ["P.<&>", "4827 1639", "x"]
    inner = page.find(f"{space}svg")
    assert inner is not None
    modules = int(inner.attrib["viewBox"].split()[2])
    path = page.find(f"{space}svg/{space}path")
    assert path is not None
    dark = {
        tuple(int(n) for n in part.split("h")[0].split())
        for part in path.attrib["d"].split("M")[1:]
    }
    # The finder patterns stand in three corners, inside a quiet zone of 4 modules.
    last = modules - 5
    assert {(4, 4), (last, 4), (4, last), (7, 7)} <= dark
    assert (last - 3, last - 3) != (4, 4)
    assert not {(x, y) for x, y in dark if min(x, y) < 4 or max(x, y) > last}
