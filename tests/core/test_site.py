"""The cabinet as configured."""

from __future__ import annotations

import pytest

from kiosk.core.site import CompartmentPlan
from sync.messages import SIZES
from tests.core.make import a_site


def test_a_compartment_takes_its_own_size_and_every_smaller_one() -> None:
    takes = {
        size: [s for s in SIZES if CompartmentPlan(1, 1, 1, size=size).takes(s)] for size in SIZES
    }
    assert takes == {"A4": ["A4"], "A3": ["A4", "A3"], "bulky": ["A4", "A3", "bulky"]}


def test_a_bank_is_every_compartment_on_the_same_board() -> None:
    site = a_site(
        CompartmentPlan(1, 1, 1, bank="a"),
        CompartmentPlan(2, 2, 1, bank="b"),
        CompartmentPlan(3, 3, 1, bank="a"),
    )
    assert site.bank_of(1) == (1, 3)
    with pytest.raises(KeyError):
        site.plan(9)
