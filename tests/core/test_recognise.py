"""What a scanner read, whatever it read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.recognise import (
    CardScan,
    DossierScan,
    JunkScan,
    Scan,
    StaffCardScan,
    TokenScan,
    recognise,
)

TOKEN = "abcdefghijklmnopqrstuv"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"HS1.bt1.{TOKEN}", TokenScan("bt1", TOKEN)),
        (f"  HS1.bt1.{TOKEN}\r\n", TokenScan("bt1", TOKEN)),
        (f"HS1.bt1.{TOKEN}x", JunkScan()),
        (f"hs1.bt1.{TOKEN}", JunkScan()),
        (f"HS2.bt1.{TOKEN}", JunkScan()),
        (f"HS1..{TOKEN}", JunkScan()),
        (f"HSC1.7.{TOKEN}", StaffCardScan("7", TOKEN)),
        (f" HSC1.12345678.{TOKEN}\n", StaffCardScan("12345678", TOKEN)),
        (f"HSC1.123456789.{TOKEN}", JunkScan()),
        (f"HSC1.\u0667.{TOKEN}", JunkScan()),
        (f"HSC1.7.{TOKEN}x", JunkScan()),
        (f"HSC1.x.{TOKEN}", JunkScan()),
        ("H29.915-261121-0042", DossierScan("H29.915-261121-0042")),
        ("h29.915\u2013261121\u20140042", DossierScan("H29.915-261121-0042")),
        ("000.00.01.H29-260310-0420", DossierScan("000.00.01.H29-260310-0420")),
        ("H29.915-261121-0042|Cấp lại|Nguyễn", DossierScan("H29.915-261121-0042")),
        ("H29.915-2611-0042", JunkScan()),
        ("079123456789|024123456|NGUYỄN VĂN A|01011990|Nam|P. 1|01012021", CardScan()),
        ("079123456789||NGUYỄN VĂN A|01011990|Nam|P. 1|01012021", CardScan()),
        ("", JunkScan()),
        ("https://example.invalid/", JunkScan()),
    ],
)
def test_a_scan_is_what_it_is(text: str, what: Scan) -> None:
    assert recognise(text) == what


def test_a_card_that_names_a_dossier_is_still_a_card() -> None:
    text = "079123456789||NGUYỄN VĂN A|01011990|Nam|H29.915-261121-0042|01012021"
    assert recognise(text) == CardScan()


def test_more_than_a_line_is_junk() -> None:
    assert recognise("H29.915-261121-0042 " + "x" * 512) == JunkScan()


def test_a_token_does_not_show_itself() -> None:
    assert TOKEN not in repr(recognise(f"HS1.bt1.{TOKEN}"))
    assert TOKEN not in repr(recognise(f"HSC1.7.{TOKEN}"))


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.text(max_size=600))
def test_no_text_makes_it_fail(text: str) -> None:
    kinds = TokenScan | StaffCardScan | DossierScan | CardScan | JunkScan
    assert isinstance(recognise(text), kinds)
