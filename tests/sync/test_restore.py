"""`kiosk sync` carries own rows back and decides nothing: real HTTP, a real socket, a scripted kiosk."""

from __future__ import annotations

import json

import pytest

from sync import restore as walks
from sync.calls import CallError
from sync.compact import write_json
from sync.framing import LineError
from sync.line import Line
from sync.restore import MOST_PAGES, MOST_STILL, restore
from tests.sync.test_central_journal import take
from tests.sync.wire import Scripted, http, listening
from tests.sync.world import (
    KIOSK,
    FakeRun,
    World,
    calls,
    fetcher_of,
    now,
    received,
    reporter_of,
)

PATH = f"/v1/kiosks/{KIOSK}"
DONE = {"done": True, "as": "restored"}
NEWEST = {"done": True, "as": "newest"}
TORN = {"done": True, "as": "torn"}


def walk(world: World, kiosk: FakeRun, url: str) -> str:
    return restore(PATH, Line(kiosk.path), calls(url, world.keys.transport))


def held_by_central(world: World, count: int) -> list[str]:
    rows = [world.journal.state("started", n=n) for n in range(count)]
    take(world, *rows)
    return rows


def test_it_begins_at_the_kiosks_own_head_and_goes_where_it_is_sent(
    world: World, kiosk: FakeRun, url: str
) -> None:
    rows = held_by_central(world, 5)
    kiosk.journal.rows = rows[:2]
    kiosk.says = [{"after": 1}, {"after": 4}, DONE]
    assert walk(world, kiosk, url) == "restored"
    assert [page for page, _ in kiosk.given_back] == [rows[2:], rows[1:], rows[4:]]
    assert {str(head) for _, head in kiosk.given_back} == {str(world.journal.head)}


def test_a_kiosk_that_believes_nothing_is_not_asked_without_end(
    world: World, kiosk: FakeRun, url: str
) -> None:
    held_by_central(world, 2)
    kiosk.says = [{"after": 0}]
    with pytest.raises(CallError, match="believes no row after 0"):
        walk(world, kiosk, url)
    assert len(kiosk.given_back) == MOST_STILL


def test_a_kiosk_that_goes_in_circles_is_left_alone_after_a_while(
    world: World, kiosk: FakeRun, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walks, "MOST_PAGES", 10)
    held_by_central(world, 2)
    kiosk.says = [{"after": n % 2} for n in range(MOST_PAGES)]
    with pytest.raises(CallError, match="still to come"):
        walk(world, kiosk, url)
    assert len(kiosk.given_back) == 10


@pytest.mark.parametrize(
    "answer",
    [{"after": -1}, {"after": True}, {"after": "1"}, {"done": 1}, {"done": True}, {}],
    ids=str,
)
def test_a_kiosk_that_speaks_nonsense_is_an_error_of_the_line(
    world: World, kiosk: FakeRun, url: str, answer: dict[str, object]
) -> None:
    kiosk.says = [answer]
    with pytest.raises(LineError):
        walk(world, kiosk, url)


HEAD = {"seq": 1, "hash": "x"}
LIES: dict[str, object] = {
    "no rows": {"head": HEAD},
    "no list": {"statements": {}, "head": HEAD},
    "numbers": {"statements": [1], "head": HEAD},
    "nothing": {"statements": [None], "head": HEAD},
    "a hole without a number": {"statements": [{"damaged": True}], "head": HEAD},
    "a hole before all": {"statements": [{"seq": -1, "damaged": True}], "head": HEAD},
    "no head": {"statements": []},
    "a false head": {"statements": [], "head": {"seq": True, "hash": ""}},
    "a head without a hash": {"statements": [], "head": {"seq": 1}},
    "a list": [],
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_whatever_central_gives_back_in_another_form_is_a_failed_call(
    world: World, kiosk: FakeRun, lie: object
) -> None:
    kiosk.says = [NEWEST]
    body = json.dumps(lie).encode()
    central = Scripted(http("200 OK", "Content-Type: application/json", body=body))
    with listening(central) as url, pytest.raises(CallError):
        walk(world, kiosk, url)
    assert kiosk.given_back == []


def test_more_than_a_page_is_cut_and_a_page_without_end_is_not_read(
    world: World, kiosk: FakeRun
) -> None:
    kiosk.says = [NEWEST]
    given = ["a.b.c"] * 2000
    rows = {"statements": given, "head": {"seq": 2000, "hash": ""}}
    many = http("200 OK", "Content-Type: application/json", body=write_json(rows))
    with listening(Scripted(many)) as url:
        assert walk(world, kiosk, url) == "newest"
    page, _ = kiosk.given_back[0]
    assert page == given[: walks.MOST_ROWS]
    huge = http("200 OK", "Content-Type: application/json", body=b"x" * (walks.MOST_BYTES + 1))
    with listening(Scripted(huge)) as url, pytest.raises(CallError, match="over"):
        walk(world, kiosk, url)


def test_the_reporter_offers_when_central_is_ahead_and_goes_on(
    world: World, kiosk: FakeRun, url: str
) -> None:
    rows = held_by_central(world, 3)
    kiosk.journal.rows = rows[:1]
    kiosk.says = [NEWEST, DONE]
    reporter = reporter_of(world, kiosk, url)
    with pytest.raises(CallError, match="newer journal"):
        reporter.step()
    reporter.step()
    kiosk.journal.rows = rows[:]
    kiosk.journal.state("conflict")
    reporter.step()
    assert received(world) == kiosk.journal.rows


def test_the_reporter_offers_after_a_fork_and_says_so_when_nothing_helps(
    world: World, kiosk: FakeRun, url: str
) -> None:
    rows = held_by_central(world, 2)
    kiosk.journal.rows = rows[:1]
    for n in range(2):
        kiosk.journal.state("started", other=n)
    kiosk.says = [TORN, DONE]
    reporter = reporter_of(world, kiosk, url)
    with pytest.raises(CallError, match="409 fork"):
        reporter.step()
    reporter.step()
    assert len(kiosk.given_back) == 2
    assert received(world) == rows


def test_the_fetcher_offers_after_a_head_that_was_refused_and_asks_again_at_once(
    world: World, kiosk: FakeRun, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse = {"refused": "head_ahead", "detail": ""}
    kiosk.says = [NEWEST, DONE]
    fetcher = fetcher_of(world, kiosk, url)
    with monkeypatch.context() as older:
        older.setattr(kiosk, "_offer_manifest", lambda _: refuse)
        with pytest.raises(CallError, match="head_ahead"):
            fetcher.step(now())
        fetcher.step(now())  # central was told which one is not wanted for now
        assert len(kiosk.given_back) == 1
        fetcher = fetcher_of(world, kiosk, url)
        fetcher.step(now())
        assert len(kiosk.given_back) == 2
    fetcher.step(now())
    assert kiosk.manifest is not None


def test_any_other_refusal_brings_no_rows_back(
    world: World, kiosk: FakeRun, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kiosk, "_offer_manifest", lambda _: {"refused": "signature"})
    with pytest.raises(CallError, match="signature"):
        fetcher_of(world, kiosk, url).step(now())
    assert kiosk.given_back == []
