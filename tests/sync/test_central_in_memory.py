"""The central of the simulations speaks the real vocabulary."""

from sync.messages import Status
from sync.schema import read_manifest
from tests.central import Central

NOW = 1_795_000_000_000


def test_its_payloads_are_manifests_and_rise_in_version() -> None:
    central = Central()
    central.register("c1")
    central.authorise("c1", "h2", "0540001234")
    first = read_manifest(central.publish(NOW))
    central.revoke("c1")
    second = read_manifest(central.publish(NOW))
    assert first.results[0].status is Status.LIVE
    assert [h.known_digits for h in first.results[0].holders] == ["4821", "1234"]
    assert second.results[0].status is Status.REVOKED
    assert second.ver == first.ver + 1
    assert read_manifest(central.serve_stale()) == first


def test_the_same_seed_gives_the_same_secrets() -> None:
    codes = []
    for seed in (5, 5, 6):
        central = Central(seed=seed)
        central.register("c1")
        codes.append(central.code("c1"))
    assert codes[0] == codes[1] != codes[2]


def test_a_re_issue_moves_the_counter_and_a_fresh_one_the_gen() -> None:
    central = Central()
    central.register("c1")
    ahead = central.code("c1", ahead=1)
    assert central.re_issue("c1") == ahead
    central.re_issue("c1", fresh=True)
    holder = read_manifest(central.publish(NOW)).results[0].holders[0]
    assert (holder.otp.gen, holder.otp.counter) == (2, 0)


def test_a_dropped_result_is_absent_until_it_is_listed_again() -> None:
    central = Central()
    central.register("c1")
    central.drop("c1")
    assert read_manifest(central.publish(NOW)).results == ()
    central.relist("c1")
    assert len(read_manifest(central.publish(NOW)).results) == 1
