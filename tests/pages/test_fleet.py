"""The order of the fleet: stranded now, today, later; silence is not a fault."""

from hypothesis import given
from hypothesis import strategies as st

from sync.central.fleet import (
    LONG_SILENT_MS,
    MINUTE_MS,
    OUTAGE_SPREAD_MS,
    SILENT_MS,
    Facts,
    Level,
    Need,
    order,
    reasons,
)

NOW = 1_795_000_000_000
HEARD = NOW - MINUTE_MS


def test_whoever_strands_people_now_goes_before_work_of_today_and_of_later() -> None:
    fleet = [
        Facts("later", contact_ms=HEARD, health={"blocked": [3]}),
        Facts("well", contact_ms=HEARD, waiting=9),
        Facts("today", contact_ms=HEARD, retrieve=2),
        Facts("now", contact_ms=HEARD, disputed=1),
    ]
    lines = order(fleet, NOW)
    assert [line.kiosks[0] for line in lines] == ["now", "today", "later", "well"]
    assert [line.level for line in lines] == list(Level)


def test_among_the_stranded_more_people_go_first() -> None:
    out = {"serving": False, "outage": "doors"}
    fleet = [Facts(f"k{n}", contact_ms=HEARD, health=out, waiting=n) for n in (2, 11, 5)]
    assert [line.kiosks[0] for line in order(fleet, NOW)] == ["k11", "k5", "k2"]


def test_a_kiosk_out_of_service_with_nothing_in_it_strands_nobody() -> None:
    (line,) = order([Facts("k", contact_ms=HEARD, health={"serving": False})], NOW)
    assert line.level is Level.TODAY
    assert line.reasons[0].need is Need.EMPTY_OUT_OF_SERVICE


def test_silent_is_not_broken() -> None:
    (line,) = order([Facts("k", contact_ms=NOW - SILENT_MS, waiting=30)], NOW)
    assert (line.level, line.reasons[0].need) == (Level.LATER, Need.SILENT)
    (line,) = order([Facts("k", contact_ms=NOW - LONG_SILENT_MS, waiting=30)], NOW)
    assert (line.level, line.reasons[0].need) == (Level.TODAY, Need.LONG_SILENT)


def test_a_kiosk_that_said_it_was_out_of_service_before_it_fell_silent_still_strands_people() -> (
    None
):
    silent = NOW - SILENT_MS
    (line,) = order([Facts("k", contact_ms=silent, health={"serving": False}, waiting=1)], NOW)
    assert line.level is Level.NOW


def test_one_network_outage_is_one_line() -> None:
    gone = NOW - 40 * MINUTE_MS
    fleet = [Facts(f"k{n:02}", contact_ms=gone + n * 1000, waiting=1) for n in range(40)]
    (line,) = order(fleet, NOW)
    assert line.reasons[0].need is Need.OUTAGE
    assert (len(line.kiosks), line.people, line.since_ms, line.level) == (40, 40, gone, Level.LATER)


def test_a_kiosk_of_an_outage_that_has_another_trouble_keeps_a_line_for_that() -> None:
    gone = NOW - 40 * MINUTE_MS
    fleet = [Facts(f"k{n}", contact_ms=gone, disputed=int(n == 2)) for n in range(4)]
    first, second = order(fleet, NOW)
    assert (first.kiosks, [r.need for r in first.reasons]) == (("k2",), [Need.DISPUTED])
    assert len(second.kiosks) == 4


def test_kiosks_that_fell_silent_hours_apart_are_no_outage() -> None:
    fleet = [Facts(f"k{n}", contact_ms=NOW - (n + 1) * 60 * MINUTE_MS) for n in range(5)]
    assert all(line.reasons[0].need is Need.SILENT for line in order(fleet, NOW))


def test_two_silent_kiosks_are_two_lines() -> None:
    fleet = [Facts(f"k{n}", contact_ms=NOW - SILENT_MS) for n in range(2)]
    assert len(order(fleet, NOW)) == 2


def test_a_printer_without_paper_can_wait_and_a_lost_board_cannot() -> None:
    faults = {"faults": ["printer_paper_low", "board_lost:a/1"]}
    levels = {r.need: r.level for r in reasons(Facts("k", contact_ms=HEARD, health=faults), NOW)}
    assert levels == {Need.FAULTS: Level.TODAY, Need.MINOR_FAULTS: Level.LATER}


def test_health_of_another_form_than_expected_says_nothing() -> None:
    odd = {"serving": "no", "faults": "all", "unchecked": {"3": 1}, "blocked": None, "mains": 0}
    assert reasons(Facts("k", contact_ms=HEARD, health=odd), NOW) == ()


_facts = st.builds(
    Facts,
    st.uuids().map(str),
    contact_ms=st.one_of(
        st.just(0),
        st.integers(NOW - 2 * LONG_SILENT_MS, NOW),
        st.integers(NOW - SILENT_MS - OUTAGE_SPREAD_MS, NOW - SILENT_MS),
    ),
    waiting=st.integers(0, 3),
    disputed=st.integers(0, 1),
    retrieve=st.integers(0, 1),
)


@given(st.lists(_facts, max_size=12, unique_by=lambda f: f.kiosk))
def test_every_kiosk_is_on_the_page_and_its_most_urgent_reason_decides(fleet: list[Facts]) -> None:
    lines = order(fleet, NOW)
    assert {name for line in lines for name in line.kiosks} == {f.kiosk for f in fleet}
    assert [line.level for line in lines] == sorted(line.level for line in lines)
    for facts in fleet:
        urgent = min((r.level for r in reasons(facts, NOW)), default=Level.NOTHING)
        assert min(line.level for line in lines if facts.kiosk in line.kiosks) <= urgent
