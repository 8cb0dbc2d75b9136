"""`kiosk manifest show`: what central allows this kiosk now, for people at a terminal. Opens no door."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

from kiosk import identity
from kiosk.believed import key_of
from kiosk.config import Config
from kiosk.journal import Journal
from sync.envelopes import Opened, open_manifest
from sync.messages import Manifest, rfc3339

OK, FAILED = 0, 1


def manifest(config: Config, *, as_json: bool) -> int:
    """The manifest in force, without any secret: versions, results, holders, staff numbers."""
    keys, enrolment = identity.run_keys(config.keys), identity.enrolment(config.keys)
    journal = Journal.read_only(config.data / "journal.db", key=keys.statement)
    try:
        stored = journal.in_force()
        accepted = journal.accepted()
    finally:
        journal.close()
    if stored is None:
        print("No manifest was accepted yet: the first contact is awaited.", file=sys.stderr)
        return FAILED
    opened = open_manifest(
        stored[2],
        opening_key=keys.manifest,
        central_keys=key_of(accepted, enrolment),
        kiosk=enrolment.kiosk,
        epoch=enrolment.epoch,
        in_force=None,
    )
    if not isinstance(opened, Opened):
        print(f"The stored manifest cannot be opened: {opened.refusal}", file=sys.stderr)
        return FAILED
    shown = without_secrets(opened.manifest, opened.hash)
    print(json.dumps(shown, ensure_ascii=False, indent=2) if as_json else _manifest_lines(shown))
    return OK


def without_secrets(manifest: Manifest, hash_: str) -> dict[str, object]:
    """What may be read aloud of a manifest."""
    return {
        "kiosk": manifest.aud,
        "epoch": manifest.epoch,
        "ver": manifest.ver,
        "hash": hash_,
        "iat": rfc3339(manifest.iat_ms),
        "staff": [{"number": s.number, "role": str(s.role)} for s in manifest.staff],
        "results": [
            {
                "cid": r.cid,
                "status": str(r.status),
                "dossiers": list(r.dossiers),
                "hold_until": rfc3339(r.hold_until_ms),
                "size": r.size,
                "holders": [
                    {"id": h.id, "gen": h.otp.gen, "counter": h.otp.counter} for h in r.holders
                ],
            }
            for r in manifest.results
        ],
    }


def _manifest_lines(shown: Mapping[str, object]) -> str:
    head = [f"{name:<8}{shown[name]}" for name in ("kiosk", "epoch", "ver", "iat", "hash")]
    results = shown["results"]
    assert isinstance(results, list)
    rows = [
        f"  {r['cid']:<24} {r['status']:<8} {', '.join(r['dossiers'])}  until {r['hold_until']}"
        for r in results
    ]
    return "\n".join([*head, f"results {len(rows)}", *rows])
