"""The slip that a citizen may take along: what was collected, where and when. Pure.

Dossier codes are public (they stand on every envelope); name, phone and code never get onto paper, which may
be left lying in the tray.
"""

from __future__ import annotations

from kiosk.core.scenes import Closed
from kiosk.core.state import State
from kiosk.times import local

WORDS = {
    "vi": (
        "Đã nhận kết quả",
        "Hồ sơ: {}",
        "Ngăn: {}",
        "Lúc {:%H:%M ngày %d/%m/%Y}",
        "Giờ của tủ chưa được xác nhận",
        "Hỏi: {}",
    ),
    "en": (
        "Result collected",
        "Dossier: {}",
        "Compartment: {}",
        "At {:%H:%M on %d/%m/%Y}",
        "The kiosk's clock was not confirmed",
        "Questions: {}",
    ),
}


def slip(before: State, after: State) -> tuple[str, ...] | None:
    """The lines to print when the last part of a result has just been collected; else None."""
    scene = after.scene
    if not isinstance(scene, Closed) or isinstance(before.scene, Closed):
        return None
    cid = scene.grant.match.cid
    result = before.result(cid) or after.result(cid)
    dossiers = result.dossiers if result is not None else ()
    parts = sorted(number for owner, number in before.memory.parts if owner == cid)
    title, dossier, compartment, moment, unknown, ask = WORDS[after.face.lang]
    site = after.site
    return (
        title,
        site.unit,
        site.address,
        *(dossier.format(code) for code in dossiers),
        compartment.format(", ".join(str(number) for number in parts)),
        moment.format(local(scene.at_ms)) if scene.at_ms else unknown,
        ask.format(site.hotline),
    )
