"""Which central keys this kiosk believes: the one in force, and one that was announced (protocol §8.1).

The law of this file: only an accepted manifest changes them, and its statement names both, so that start-up
needs nothing but the journal. A key is named by its `x` here: 43 characters of base64url.
"""

from __future__ import annotations

from kiosk.core.memory import Memory
from kiosk.core.site import Site
from sync.messages import Manifest


def believed(memory: Memory, site: Site) -> tuple[str, str]:
    """The key in force and the announced one, "" for none; until a manifest says so, as enrolled."""
    if memory.central:
        return memory.central, memory.announced
    return site.central, site.central_next


def fits(memory: Memory, site: Site, by: str) -> bool:
    """Whether a manifest that this key signed may still be accepted.

    A core that was told neither its enrolment's key nor who signed has nothing to compare: the ladder did.
    """
    keys = believed(memory, site)
    return not by or not keys[0] or by in keys


def stated(memory: Memory, site: Site, manifest: Manifest, by: str) -> dict[str, object]:
    """The fields of `manifest_accepted`: the key that holds from now on, and the announced one."""
    key = by or believed(memory, site)[0]
    if not key:
        return {}
    return {"key": _jwk(key), "next": _jwk(manifest.next.x) if manifest.next else None}


def _jwk(x: str) -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": x}
