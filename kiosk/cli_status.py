"""`kiosk status`: how the running kiosk is, in plain words, within a second, whatever it does.

The law of this file: one question, one deadline for all of it, and an answer in every case: it serves, it
serves nobody (why), it starts, it hangs, it is not there, this user may not ask. Nothing heavy is imported:
on a Raspberry Pi that alone would take the second.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from kiosk.plain_words import AUDITS, CONTACT_S, MANIFEST_S, Trouble, age, of_fault, outage
from sync.framing import (
    LineAbsentError,
    LineClosedError,
    LineError,
    LineForbiddenError,
    LineSilentError,
)
from sync.line import Line

OK, FAILED = 0, 1
ANSWER_S = 0.5  # for the whole question: loading this program takes the rest of a second
STALE_S = 5  # the loop speaks once a second; systemd ends it after six of silence
UPGRADE = Path("/var/lib/kiosk-upgrade/last.json")  # what became of the last upgrade
MOST_UPGRADE_BYTES = 4096
MINUTES_S = 120  # more seconds than that are told in larger units as well
SAFE = "The doors stay shut, the papers are safe."


class Stands(StrEnum):
    """How `kiosk run` stands; the field `state` of `--json`."""

    SERVES = "serves"
    OUT_OF_SERVICE = "out_of_service"
    STARTING = "starting"
    HANGS = "hangs"
    ABSENT = "absent"
    FORBIDDEN = "forbidden"
    STRANGE = "strange"


LIGHTS = {
    "ready": "steady: serves",
    "busy": "slow: somebody is being served",
    "alarm": "fast: staff are wanted",
    "off": "dark",
}


def status(
    socket: Path, *, as_json: bool, upgrade: Path = UPGRADE, asked: Line | None = None
) -> int:
    """Ask, say what is so and what to do; 0 only when the kiosk serves."""
    health: dict[str, object] = {}
    try:
        health = (asked or Line(socket, ANSWER_S)).status()
        stands, troubles = _judged(health)
    except LineError as error:
        stands, trouble = _unanswered(error)
        troubles = [trouble]
    became = _upgraded(upgrade)
    if as_json:
        listed = [{"words": t.words, "todo": t.todo} for t in troubles]
        told = {"state": stands, "troubles": listed, "upgrade": became, **health}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _say(stands, troubles, health, became)
    return OK if stands is Stands.SERVES else FAILED


def _unanswered(error: LineError) -> tuple[Stands, Trouble]:
    match error:
        case LineAbsentError():
            todo = "sudo systemctl status kiosk, then sudo systemctl start kiosk"
            return Stands.ABSENT, Trouble(f"kiosk run is not running ({error})", todo)
        case LineForbiddenError():
            words = f"this user may not ask ({error})"
            return Stands.FORBIDDEN, Trouble(words, "ask as root: sudo kiosk status")
        case LineClosedError():  # it lets only a few in at a time
            return Stands.HANGS, Trouble("kiosk run is there and too busy to answer", "ask again")
        case LineSilentError():
            words = f"kiosk run is there and gives no answer within {ANSWER_S:g} s"
            todo = "systemd starts it anew within 10 s; if not: sudo systemctl restart kiosk"
            return Stands.HANGS, Trouble(words, todo)
        case _:
            todo = "sudo systemctl restart kiosk"
            return Stands.STRANGE, Trouble(f"what answers is no kiosk run: {error}", todo)


def _judged(health: Mapping[str, object]) -> tuple[Stands, list[Trouble]]:
    silent_s = _number(health, "told_age_s") or 0
    if "serving" not in health:
        words = f"it starts, and has read its journal for {age(silent_s)}"
        return Stands.STARTING, [Trouble(words, "wait: a long journal takes minutes")]
    if silent_s > STALE_S:
        words = f"its loop has not turned for {age(silent_s)}; what stands below is as old"
        todo = "systemd starts it anew; a journal that is read from its beginning takes minutes"
        return Stands.HANGS, [Trouble(words, todo)]
    troubles = list(_cautions(health))
    if health.get("serving") is True:
        return Stands.SERVES, troubles
    why = outage(health)
    stands = Stands.STARTING if health.get("outage") == "starting" else Stands.OUT_OF_SERVICE
    return stands, [Trouble(f"serves nobody: {why.words}", why.todo), *troubles]


def _cautions(health: Mapping[str, object]) -> Iterator[Trouble]:
    """What else somebody should know."""
    faults = health.get("faults")
    for fault in faults if isinstance(faults, list) else []:
        yield of_fault(str(fault))
    for key, todo in (
        ("unchecked", "staff look into them: maintenance, open to check"),
        ("blocked", "staff release them: maintenance, cabinet"),
        ("unproven", "staff open them by key, then look into them"),
    ):
        found = health.get(key)
        if isinstance(found, list) and found:
            yield Trouble(f"{key}: compartment {', '.join(map(str, found))}", todo)
    due = AUDITS.get(str(health.get("audit")))
    if due is not None:
        yield due
    if health.get("clock") == "unknown":
        yield Trouble(
            "the clock is not trusted: nothing expires", "network, or the clock's battery"
        )
    contact_s = _number(health, "contact_age_s")
    line = "look at kiosk sync's log, the network and [central] url; pickups go on meanwhile"
    if contact_s is None:
        yield Trouble("no contact with central since it started", line)
    elif contact_s > CONTACT_S:
        yield Trouble(f"no contact with central for {age(contact_s)}", line)
    manifest_s = _number(health, "manifest_age_s")
    if manifest_s is not None and manifest_s > MANIFEST_S:
        yield Trouble(f"the list of results is {age(manifest_s)} old", line)


def _say(
    stands: Stands,
    troubles: list[Trouble],
    health: Mapping[str, object],
    became: Mapping[str, object] | None,
) -> None:
    if stands is Stands.SERVES:
        print("The kiosk serves." if troubles else "The kiosk serves, and nothing needs a hand.")
    else:
        print(f"The kiosk does not serve. {SAFE}")
    for trouble in troubles:
        print(f"  {trouble.words}\n      → {trouble.todo}")
    shown = dict(health)
    if "light" in shown:
        shown["light"] = LIGHTS.get(str(shown["light"]), str(shown["light"]))
    if became is not None:
        shown["upgrade"] = dict(became)
    width = max(map(len, shown), default=0)
    for name, value in shown.items():
        seconds = _number(shown, name) if name.endswith("_s") else None
        told = f" ({age(seconds)})" if seconds is not None and seconds >= MINUTES_S else ""
        print(f"{name:<{width}}  {_plain(value)}{told}")
    if stands in (Stands.ABSENT, Stands.FORBIDDEN, Stands.HANGS, Stands.STRANGE):
        print(f"kiosk: {troubles[0].words}", file=sys.stderr)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(v) for v in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{k} {v}" for k, v in value.items()) or "none"
    return "-" if value in (None, "") else str(value)


def _upgraded(path: Path) -> dict[str, object] | None:
    """What became of the last upgrade; None: there was none, or nobody may read it."""
    try:
        with path.open(encoding="utf-8") as file:
            told = json.loads(file.read(MOST_UPGRADE_BYTES))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _number(health: Mapping[str, object], name: str) -> int | None:
    value = health.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
