"""The socket of `kiosk run` under a good neighbour: every verb, as the asking end of `sync` sees it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.config import ConfigError
from kiosk.core.effects import AnswerRows
from kiosk.journal_values import Damaged as Lost
from kiosk.line import MOST_BYTES, MOST_ROWS, Deadlines, LineServer
from kiosk.restoring import MOST_OFFERED
from sync.framing import LineError
from sync.line import Damaged, Done, InForce, Refused, Taken, Wanted
from sync.messages import Head, Kind, Refusal
from tests.kiosk.counter import Counter, aside
from tests.kiosk.station import said

AT = "2026-11-21T15:04:00.000Z"


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    made = Counter(tmp_path)
    yield made
    made.close()


def test_statements_come_as_they_were_signed(counter: Counter) -> None:
    texts = [counter.say() for _ in range(5)]
    batch = counter.line.statements(0, 100)
    assert batch.rows == tuple(texts)
    assert batch.head == counter.journal.head
    assert counter.line.statements(3, 1).rows == (texts[3],)
    assert counter.line.statements(5, 10).rows == ()
    assert counter.line.statements(99, 10).rows == ()
    assert counter.line.statements(0, 0).rows == ()


def test_a_journal_that_was_not_read_yet_is_no_empty_one(tmp_path: Path) -> None:
    # Central would take the head 0 of a kiosk that it knows for that of an older card.
    counter = Counter(tmp_path, begun=False)
    counter.say()
    asks: list[Callable[[], object]] = [
        lambda: counter.line.wait(0, 0.0),
        lambda: counter.line.listen(0, 0.0, 0),
        counter.line.manifest,
        lambda: counter.line.offer_manifest("papers"),
        lambda: counter.line.offer_statements([], Head(0, "")),
    ]
    for ask in asks:
        with pytest.raises(LineError, match="starting"):
            ask()
    counter.line.status()
    counter.publish()
    assert counter.line.wait(0, 0.0).seq == 1
    counter.close()


def test_a_damaged_row_is_named_and_those_behind_it_follow(counter: Counter) -> None:
    texts = [counter.say() for _ in range(3)]
    counter.disk.rows[1] = "papers"
    assert counter.line.statements(0, 9).rows == (texts[0], Damaged(2), texts[2])


def test_no_answer_holds_more_rows_than_the_cap(counter: Counter) -> None:
    counter.disk.rows = ["papers"] * (MOST_ROWS + 50)
    assert len(counter.line.statements(0, 10**6).rows) == MOST_ROWS


def test_no_answer_holds_more_bytes_than_the_cap(counter: Counter) -> None:
    for _ in range(6):
        counter.say(note="x" * 10**6)
    sizes = [len(row) for row in counter.line.statements(0, 10).rows if isinstance(row, str)]
    assert 0 < len(sizes) < 6
    assert sum(sizes) <= MOST_BYTES < sum(sizes) + sizes[0]


def test_a_journal_that_cannot_be_read_is_an_error_and_not_the_end(counter: Counter) -> None:
    counter.say()
    counter.missing = True
    with pytest.raises(LineError, match="journal: missing"):
        counter.line.statements(0, 1)
    counter.missing = False
    assert len(counter.line.statements(0, 1).rows) == 1


def test_the_journal_is_closed_after_every_answer(counter: Counter) -> None:
    for _ in range(3):
        counter.line.statements(0, 1)
    assert (counter.opened, counter.closed) == (3, 3)


def test_waiting_ends_with_the_next_statement_that_is_published(counter: Counter) -> None:
    with aside(lambda: counter.line.wait(0, 30.0)) as answer:
        counter.say()
        counter.publish()
    assert answer() == counter.journal.head


def test_waiting_for_what_is_there_already_answers_at_once(counter: Counter) -> None:
    counter.say()
    counter.publish()
    assert counter.line.wait(0, 30.0).seq == 1


def test_waiting_in_vain_ends_with_the_time(counter: Counter) -> None:
    assert counter.line.wait(0, 0.0) == Head(0, "")
    assert counter.line.wait(7, 0.001) == Head(0, "")


def test_the_manifest_in_force_is_named(counter: Counter) -> None:
    assert counter.line.manifest() == InForce(0, "")
    counter.in_force = (7, "abc")
    counter.publish()
    assert counter.line.manifest() == InForce(7, "abc")


def test_health_and_status_are_the_latest_that_were_published(counter: Counter) -> None:
    counter.health = {"serving": True, "faults": []}
    counter.publish()
    assert counter.line.health() == {"serving": True, "faults": []}
    told = {"serving": True, "faults": [], "light": "", "told_age_s": 0}
    assert counter.line.status() == told


def test_a_contact_is_passed_on(counter: Counter) -> None:
    counter.line.contact(AT)
    assert counter.contacts == 1


def test_an_offer_is_answered_by_what_the_loop_made_of_it(counter: Counter) -> None:
    counter.verdicts = [(7, None), (8, Refusal.HEAD_AHEAD)]
    assert counter.line.offer_manifest("sealed") == Taken(7)
    refused = counter.line.offer_manifest("sealed too")
    assert isinstance(refused, Refused)
    assert refused.rung == Refusal.HEAD_AHEAD
    assert [jwe for jwe, _ in counter.offers] == ["sealed", "sealed too"]


def test_the_ladder_is_told_which_manifest_is_in_force(counter: Counter) -> None:
    counter.verdicts = [(7, None), (7, None)]
    counter.line.offer_manifest("first")
    counter.in_force = (7, "abc")
    counter.publish()
    counter.line.offer_manifest("second")
    assert counter.offers == [("first", None), ("second", (7, "abc"))]


def test_an_offer_that_nobody_can_take_up_is_told_to_wait(counter: Counter) -> None:
    counter.busy = True
    with pytest.raises(LineError, match="busy"):
        counter.line.offer_manifest("sealed")
    assert counter.desk._offers == {}


def test_an_offer_that_is_never_answered_ends_at_its_deadline(tmp_path: Path) -> None:
    counter = Counter(tmp_path, Deadlines(answer_s=0.01, offer_gap_s=0))
    with pytest.raises(LineError, match="busy"):
        counter.line.offer_manifest("sealed")
    assert counter.desk._offers == {}
    counter.desk.answered(1, 7, None)  # too late: nobody waits, nothing breaks
    counter.verdicts = [(8, None)]
    assert counter.line.offer_manifest("again") == Taken(8)
    counter.close()


def test_offers_that_come_too_fast_are_told_to_wait(tmp_path: Path) -> None:
    counter = Counter(tmp_path, Deadlines(offer_gap_s=3600.0))
    counter.verdicts = [(7, None)]
    assert counter.line.offer_manifest("one") == Taken(7)
    for _ in range(20):
        with pytest.raises(LineError, match="busy"):
            counter.line.offer_manifest("flood")
    assert len(counter.offers) == 1
    assert counter.line.manifest() == InForce(0, "")
    counter.close()


def test_a_socket_left_behind_by_a_power_cut_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "run.sock").touch()
    counter = Counter(tmp_path)
    assert counter.line.manifest() == InForce(0, "")
    assert (tmp_path / "run.sock").stat().st_mode & 0o777 == 0o660
    counter.close()


def test_after_closing_nobody_answers_and_no_thread_waits(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    counter.close()
    counter.server._thread.join(20)
    assert not counter.server._thread.is_alive()
    assert not (tmp_path / "run.sock").exists()
    with pytest.raises(LineError, match="kiosk run does not answer"):
        counter.line.manifest()


def test_a_user_that_this_machine_does_not_have_is_told(tmp_path: Path, counter: Counter) -> None:
    with pytest.raises(ConfigError, match=r"central\.sync_user: .*no user 'nobody-at-all'"):
        LineServer(tmp_path / "s", counter.requests, "nobody-at-all")


def test_a_place_where_no_socket_can_be_is_told(tmp_path: Path, counter: Counter) -> None:
    (tmp_path / "file").write_text("no folder")
    for path in (tmp_path / "file" / "s", tmp_path / ("x" * 200)):
        with pytest.raises(ConfigError, match=r"socket: .* cannot be made"):
            LineServer(path, counter.requests, "")


def test_a_statement_is_sent_once_it_is_on_the_disk_and_not_before(counter: Counter) -> None:
    statement = said(1, Kind.RATED, score=5)
    assert counter.line.statements(0, 9).rows == ()
    counter.journal.append(statement)
    assert len(counter.line.statements(0, 9).rows) == 1


def test_rows_given_back_reach_the_worker_and_its_answer_comes_back(counter: Counter) -> None:
    counter.wanted = [AnswerRows(0, after=7), AnswerRows(0, done="restored")]
    row = counter.say()
    assert counter.line.offer_statements([row, Damaged(2)], Head(2, "x")) == Wanted(7)
    assert counter.line.offer_statements([], Head(0, "")) == Done("restored")
    assert counter.rows == [([row, Lost(2)], Head(2, "x")), ([], Head(0, ""))]


def test_rows_given_back_while_others_are_at_work_are_to_be_offered_again(
    counter: Counter,
) -> None:
    counter.busy = True
    with pytest.raises(LineError, match="busy"):
        counter.line.offer_statements([], Head(0, ""))


ODD_PAGES: list[dict[str, object]] = [
    {},
    {"statements": "a.b.c"},
    {"statements": [1]},
    {"statements": [{"seq": 1}]},
    {"statements": [{"seq": -1, "damaged": True}]},
    {"statements": [{"seq": 2**53, "damaged": True}]},
    {"statements": ["a.b.c"] * (MOST_OFFERED + 1)},
    {"statements": [], "head": {"seq": "1", "hash": ""}},
    {"statements": [], "head": {"seq": 1}},
    {"statements": [], "head": []},
]


@pytest.mark.parametrize("page", ODD_PAGES, ids=range(len(ODD_PAGES)))
def test_a_page_of_another_form_is_told_so_and_nobody_is_bothered(
    counter: Counter, page: dict[str, object]
) -> None:
    head = {"seq": 1, "hash": ""}
    with pytest.raises(LineError, match="refused"):
        counter.line._ask({"ask": "offer_statements", "head": head, **page})
    assert counter.rows == []
