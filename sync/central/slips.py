"""A QR on paper, printed at the counter: for whoever cannot read messages, with the digits beneath.

The law of this file: nothing is printed that may not be out by a message: the papers lie there, the loading
is over, holding is not. Every print is kept: for whom, by whose key, when.
"""

from __future__ import annotations

from html import escape

from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]  # ships no types
from qrcode.main import QRCode  # type: ignore[import-untyped]  # as above
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.central import codes, holders, notices, texts
from sync.central.office_tables import Slip
from sync.central.results import OrderError, find, must_be_live
from sync.central.store import Store, UnknownError
from sync.central.tables import Holder

QUIET_MODULES = 4  # ISO/IEC 18004
WIDTH_MM = 80  # of the usual receipt paper
_LINES = {
    "vi": (
        "Mã nhận kết quả",
        "Tủ trả kết quả 24/7:",
        "Nhận đến hết ngày {day}",
        "Đưa mã QR vào ô quét, hoặc bấm 4 số cuối",
        "của số điện thoại đã đăng ký, rồi bấm mã.",
        "Giữ kín tờ này. Cần giúp, gọi {hotline}",
    ),
    "en": (
        "Collection code",
        "24/7 kiosk:",
        "Until the end of {day}",
        "Hold the QR before the scanner, or type the last",
        "4 digits of the registered phone, then the code.",
        "Keep this slip secret. Help: {hotline}",
    ),
}


def print_slip(store: Store, session: Session, cid: str, holder: str, by: str) -> str:
    """The slip as SVG, and the row that says so.

    Raises:
        OrderError: the code may not be out (yet, or any more). UnknownError: there is none such.
    """
    kiosk, result = find(store, session, cid)
    must_be_live(result)
    held = session.get(Holder, (cid, holder))
    if held is None:
        raise UnknownError(f"no holder {holder[:64]!r} of {cid}")
    now = store.now()
    if not result.lies_there or notices.undecided(session, cid, holder, now):
        raise OrderError("a slip is printed once the kiosk has stated the loading as over")
    if result.hold_until_ms <= now:
        raise OrderError("holding is over: the papers are to be had at the counter")
    _, secret, token = holders.open_holder(store, held)
    session.add(Slip(cid=cid, holder=holder, by=by, at_ms=now))
    code = texts.spaced(codes.code_at(secret, held.counter))
    head, where, until, *how, keep = _LINES[held.lang]
    day = f"{texts.last_full_day(result.hold_until_ms):%d/%m/%Y}"
    return svg(
        codes.qr_text(kiosk.id, token),
        code,
        above=(kiosk.unit, head),
        below=(
            until.format(day=day),
            where,
            kiosk.address,
            *how,
            keep.format(hotline=texts.HOTLINE),
        ),
    )


def printed(session: Session, cid: str) -> dict[str, int]:
    """How many slips there are of each holder."""
    found = select(Slip.holder, func.count()).where(Slip.cid == cid).group_by(Slip.holder)
    return {row[0]: row[1] for row in session.execute(found)}


def svg(qr: str, code: str, *, above: tuple[str, ...], below: tuple[str, ...]) -> str:
    """A page as wide as receipt paper: lines, the QR, the code large beneath it, more lines."""
    path, modules = _path(qr)
    top = 6 * len(above) + 2
    side = WIDTH_MM - 20
    digits = top + side + 9
    lines = [_line(6 * at + 6, 4.2, line) for at, line in enumerate(above)]
    lines.append(_line(digits, 10, code, bold=True))
    lines += [_line(digits + 7 + 5 * at, 3.4, line) for at, line in enumerate(below)]
    height = digits + 7 + 5 * len(below)
    size = f'width="{WIDTH_MM}mm" height="{height}mm" viewBox="0 0 {WIDTH_MM} {height}"'
    place = f'x="10" y="{top}" width="{side}" height="{side}" viewBox="0 0 {modules} {modules}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
            '<rect width="100%" height="100%" fill="#fff"/>',
            f'<svg {place} shape-rendering="crispEdges"><path d="{path}" fill="#000"/></svg>',
            *lines,
            "</svg>",
            "",
        ]
    )


def _path(text: str) -> tuple[str, int]:
    """Every dark module as a square, and how many modules a side has with its quiet zone."""
    made = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_MODULES)
    made.add_data(text)
    rows = made.get_matrix()
    dark = [(x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return "".join(f"M{x} {y}h1v1h-1z" for x, y in dark), len(rows)


def _line(y: float, size: float, text: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{WIDTH_MM / 2:g}" y="{y:g}" font-size="{size:g}" text-anchor="middle"'
        f' font-family="sans-serif"{weight}>{escape(text)}</text>'
    )
