"""Figures of a month or a quarter as a page, CSV and JSON: the same numbers, each with its definition."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response
from sqlalchemy import select

from sync.central import periods
from sync.central.accounts import PageRole
from sync.central.figure_words import FIGURES, UNITS
from sync.central.pages.figure_facts import sums_of
from sync.central.pages.frame import Here, PageError, PageRoute, Seen
from sync.central.pages.words import ERRORS
from sync.central.tables import Kiosk
from sync.central.texts import local
from sync.messages import rfc3339

router = APIRouter(include_in_schema=False, route_class=PageRoute)
PeriodName = Annotated[str, Query(alias="period", max_length=8)]
KioskName = Annotated[str, Query(alias="kiosk", max_length=64)]
CSV_COLUMNS = ("period", "kiosk", "figure", "name", "value", "unit", "n", "definition")
ALL = "all"


@dataclass(frozen=True, slots=True)
class Report:
    """What was asked for. `kiosk` is "all" for every kiosk that the guest sees."""

    period: periods.Period
    kiosk: str
    kiosks: tuple[str, ...]
    figures: tuple[periods.Figure, ...]
    at_ms: int


@router.get("/figures")
def page(here: Here, name: PeriodName = "", kiosk: KioskName = "") -> Response:
    """As a page."""
    report = _report(here, name, kiosk)
    month = periods.month_of(local(here.desk.store.now()))
    quarter = f"{month[:4]}-Q{(int(month[5:]) - 1) // 3 + 1}"
    return here.page(
        "figures.html",
        report=report,
        words=FIGURES,
        units=UNITS,
        before=periods.beside(report.period, -1),
        after=periods.beside(report.period, 1),
        month=month,
        quarter=quarter,
        choices=_visible(here),
        fewest=periods.FEWEST_RATINGS,
    )


@router.get("/figures.csv")
def as_csv(here: Here, name: PeriodName = "", kiosk: KioskName = "") -> Response:
    """For a spreadsheet: UTF-8 with a mark, as spreadsheets want it."""
    report = _report(here, name, kiosk)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(CSV_COLUMNS)
    for one in report.figures:
        words = FIGURES[one.key]
        value = "" if one.value is None else one.value
        n = "" if one.n is None else one.n
        told = (report.period.name, report.kiosk, one.key, words.name.vi, value, one.unit, n)
        writer.writerow([*told, words.definition.vi])
    file = f'attachment; filename="figures-{report.kiosk}-{report.period.name}.csv"'
    body = text.getvalue().encode("utf-8-sig")
    return Response(body, media_type="text/csv", headers={"Content-Disposition": file})


@router.get("/figures.json")
def as_json(here: Here, name: PeriodName = "", kiosk: KioskName = "") -> Response:
    """For a machine."""
    report = _report(here, name, kiosk)
    return JSONResponse(
        {
            "period": report.period.name,
            "from": rfc3339(report.period.start_ms),
            "to": rfc3339(report.period.end_ms),
            "at": rfc3339(report.at_ms),
            "kiosk": report.kiosk,
            "kiosks": len(report.kiosks),
            "figures": [
                {
                    "key": one.key,
                    "name": FIGURES[one.key].name._asdict(),
                    "value": one.value,
                    "unit": one.unit,
                    "n": one.n,
                    "definition": FIGURES[one.key].definition._asdict(),
                }
                for one in report.figures
            ],
        }
    )


def _report(here: Seen, name: str, kiosk: str) -> Report:
    store = here.desk.store
    try:
        period = periods.read_period(name or periods.month_of(local(store.now())))
    except ValueError as error:
        raise PageError(HTTPStatus.UNPROCESSABLE_ENTITY, ERRORS["period"]) from error
    visible = _visible(here)
    if kiosk not in {"", ALL, *visible}:
        raise PageError(HTTPStatus.NOT_FOUND, ERRORS["unknown"])
    chosen = visible if kiosk in {"", ALL} else (kiosk,)
    sums = sums_of(store, chosen, period)
    return Report(period, kiosk or ALL, chosen, periods.figures(sums), store.now())


def _visible(here: Seen) -> tuple[str, ...]:
    if here.guest.role is PageRole.WARD:
        return here.guest.kiosks
    with here.desk.store.begin() as session:
        return tuple(session.scalars(select(Kiosk.id).order_by(Kiosk.id)))
