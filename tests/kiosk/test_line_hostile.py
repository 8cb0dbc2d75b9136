"""The socket of `kiosk run` under abuse: after each of them a good neighbour is still answered."""

import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from kiosk.core.events import Contacted
from kiosk.line import MOST_PEERS, Deadlines
from kiosk.line_fields import MOST_VALUES
from sync.framing import LineError, receive_message
from sync.line import InForce
from sync.messages import MAX_LINE_BYTES
from tests.kiosk.counter import Counter
from tests.kiosk.station import NET_S

SHORT = Deadlines(read_s=0.02, write_s=0.02, offer_gap_s=0.0)
NOBODY = 65534
CAPPED = (MAX_LINE_BYTES + 1).to_bytes(4, "big")
ASKED = json.dumps({"ask": "manifest"}).encode()


def _framed(body: bytes | Mapping[str, object]) -> bytes:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return len(text).to_bytes(4, "big") + text


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    made = Counter(tmp_path)
    yield made
    assert made.line.manifest() == InForce(0, ""), "a good neighbour was not answered"
    made.close()


def _connected(path: Path) -> socket.socket:
    peer = socket.socket(socket.AF_UNIX)
    peer.connect(str(path))  # without a deadline: with one a full queue is an error at once
    peer.settimeout(NET_S)
    return peer


def _answer(path: Path, raw: bytes) -> dict[str, object] | None:
    """What comes back to these bytes when nothing follows them; None: the door was shut."""
    with _connected(path) as peer:
        try:
            peer.sendall(raw)
            peer.shutdown(socket.SHUT_WR)
            return receive_message(peer, NET_S)
        except (OSError, LineError):
            return None


def _everybody_left(counter: Counter) -> None:
    """Every place of the server is free again."""
    places = counter.server._places
    for _ in range(MOST_PEERS):
        assert places.acquire(timeout=NET_S), "a place was never given back"
    for _ in range(MOST_PEERS):
        places.release()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00",
        b"\x00\x00\x00",
        _framed(ASKED)[:-1],
        _framed(b"")[:4],
        b"\xff\xff\xff\xff" + ASKED,
        CAPPED,
        _framed(b"\x00\xff\xfe"),
        _framed(b"manifest"),
        _framed(b'{"ask": NaN}'),
        _framed(b'["manifest"]'),
        _framed(b"5"),
        _framed(b"[" * 100_000),
        _framed(b'{"ask": "manifest", "x": [' + b"[]," * 1_000_000 + b"1]}"),
        _framed(b'{"ask": "wait", "after": ' + b"9" * 5_000 + b"}"),
    ],
    ids=lambda raw: f"{len(raw)} bytes {raw[:12]!r}",
)
def test_what_is_no_request_gets_no_answer(counter: Counter, raw: bytes) -> None:
    assert _answer(counter.path, raw) is None
    _everybody_left(counter)


def test_a_request_within_the_cap_that_would_fill_the_memory_is_refused_unread(
    counter: Counter,
) -> None:
    wide = {"ask": "manifest", "more": [0] * (MOST_VALUES - 3)}
    assert _answer(counter.path, _framed(wide)) == {"ver": 0, "hash": ""}
    wide = {"ask": "manifest", "more": [0] * MOST_VALUES}
    assert _answer(counter.path, _framed(wide)) is None


@pytest.mark.parametrize(
    "ask", [None, 5, True, "", "open", "pulse", "Manifest", "_offer", "ầ", ["manifest"], {"a": 1}]
)
def test_what_nobody_can_ask_is_an_unknown_request(counter: Counter, ask: object) -> None:
    assert _answer(counter.path, _framed({"ask": ask})) == {"error": "unknown request"}


def test_no_verb_at_all_is_an_unknown_request(counter: Counter) -> None:
    assert _answer(counter.path, _framed({})) == {"error": "unknown request"}


@pytest.mark.parametrize("number", [True, False, None, -1, 0.5, 1e3, "5", [], {}, 2**53, 10**400])
@pytest.mark.parametrize("field", ["after", "most"])
def test_what_is_no_whole_number_is_an_error(counter: Counter, field: str, number: object) -> None:
    request = {"ask": "statements", "after": 0, "most": 5, field: number}
    told = _answer(counter.path, _framed(request))
    assert told == {"error": f"{field} is not a whole number"}


@pytest.mark.parametrize("seconds", [True, None, -1, -0.5, "5", [5]])
def test_what_is_no_time_to_wait_is_an_error(counter: Counter, seconds: object) -> None:
    request = {"ask": "wait", "after": 0, "timeout_s": seconds}
    told = _answer(counter.path, _framed(request))
    assert told == {"error": "timeout_s is not a number of seconds"}


@pytest.mark.parametrize("seconds", [b"1e999", b"9" * 400, b"1" + b"0" * 400])
def test_an_endless_time_to_wait_is_cut_short(counter: Counter, seconds: bytes) -> None:
    counter.say()
    counter.publish()
    raw = b'{"ask": "wait", "after": 0, "timeout_s": ' + seconds + b"}"
    assert _answer(counter.path, _framed(raw)) is not None
    _everybody_left(counter)


@pytest.mark.parametrize("jwe", [None, 5, ["x"], {"a": "b"}, True])
def test_an_offer_that_is_no_text_reaches_nobody(counter: Counter, jwe: object) -> None:
    told = _answer(counter.path, _framed({"ask": "offer_manifest", "jwe": jwe}))
    assert told == {"error": "jwe is not a text"}
    assert counter.offers == []


def test_the_cap_lets_the_largest_manifest_through(counter: Counter) -> None:
    counter.verdicts = [(7, None)]
    envelope = len(json.dumps({"ask": "offer_manifest", "jwe": ""}))
    jwe = "A" * (MAX_LINE_BYTES - envelope)
    told = _answer(counter.path, _framed({"ask": "offer_manifest", "jwe": jwe}))
    assert told == {"accepted": True, "ver": 7}
    assert _answer(counter.path, _framed({"ask": "offer_manifest", "jwe": jwe + "A"})) is None


def test_silence_is_ended_by_the_deadline(tmp_path: Path) -> None:
    counter = Counter(tmp_path, SHORT)
    for begun in (b"", b"\x00\x00", _framed(ASKED)[:-1]):
        with _connected(counter.path) as peer:
            peer.sendall(begun)
            assert peer.recv(1) == b""  # the server hangs up; the peer never does
    _everybody_left(counter)
    assert counter.line.manifest() == InForce(0, "")
    counter.close()


def test_one_who_never_reads_is_left_alone_at_the_deadline(tmp_path: Path) -> None:
    counter = Counter(tmp_path, SHORT)
    for _ in range(3):
        counter.say(note="x" * 10**6)
    with ExitStack() as open_peers:
        for _ in range(3):
            peer = open_peers.enter_context(_connected(counter.path))
            peer.sendall(_framed({"ask": "statements", "after": 0, "most": 9}))
        _everybody_left(counter)
        assert counter.line.manifest() == InForce(0, "")
    counter.close()


def test_a_few_silent_ones_leave_room_for_the_others(counter: Counter) -> None:
    with ExitStack() as open_peers:
        for _ in range(MOST_PEERS - 1):
            open_peers.enter_context(_connected(counter.path))
        for _ in range(50):
            assert counter.line.manifest() == InForce(0, "")
            places = counter.server._places
            assert places.acquire(timeout=NET_S)  # the answered one has left
            places.release()
    _everybody_left(counter)


def test_a_flood_of_connections_is_turned_away_at_the_door(counter: Counter) -> None:
    with ExitStack() as open_peers:
        crowd = [open_peers.enter_context(_connected(counter.path)) for _ in range(100)]
        for late in crowd[MOST_PEERS:]:
            assert late.recv(1) == b""  # hung up on, while the first ones may still speak
        crowd[0].sendall(_framed(ASKED))
        assert receive_message(crowd[0], NET_S) == {"ver": 0, "hash": ""}
    _everybody_left(counter)


def test_a_flood_of_contacts_does_not_fill_the_inbox(counter: Counter) -> None:
    for _ in range(200):
        counter.line.contact("2026-11-21T15:04:00.000Z")
    assert counter.contacts == 200
    waiting = [counter.inbox.take(0) for _ in range(200)]
    assert waiting == [Contacted(0)] + [None] * 199


# Who may ask


@pytest.fixture
def public_place() -> Iterator[Path]:
    """A folder that every user can enter: pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="kiosk-line-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def _as_user(uid: int) -> Iterator[None]:
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)


VERBS = ("statements", "wait", "manifest", "offer_manifest", "health", "status", "contact", "pulse")


def test_another_user_is_refused_everything(public_place: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to speak as another user")
    counter = Counter(public_place)
    counter.path.chmod(0o666)  # the first wall is its mode, 0660; the second one is the uid
    for verb in VERBS:
        request: dict[str, object] = {"ask": verb, "after": 0, "most": 1, "timeout_s": 0, "jwe": ""}
        with _as_user(NOBODY):
            told = _answer(counter.path, _framed(request))
        assert told == {"error": "this user may not ask that"}
    assert (counter.contacts, counter.offers, counter.opened) == (0, [], 0)
    assert counter.line.manifest() == InForce(0, "")
    counter.close()


def test_root_may_ask_how_the_kiosk_is_and_nothing_else(counter: Counter) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to speak as root")
    allowed = counter.server._all_of_it
    counter.server._all_of_it = {NOBODY}  # as if `kiosk run` and `kiosk sync` were other users
    answered = [
        v for v in VERBS if "error" not in (_answer(counter.path, _framed({"ask": v})) or {})
    ]
    assert answered == ["status"]
    counter.server._all_of_it = allowed


def test_a_user_who_is_neither_run_nor_sync_nor_root_is_refused(counter: Counter) -> None:
    allowed = counter.server._all_of_it
    counter.server._all_of_it = set()
    for verb in VERBS:
        if verb == "status" and os.geteuid() == 0:
            continue
        told = _answer(counter.path, _framed({"ask": verb}))
        assert told == {"error": "this user may not ask that"}
    counter.server._all_of_it = allowed
