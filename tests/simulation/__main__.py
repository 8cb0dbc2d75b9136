"""`python -m tests.simulation --seeds N [--from S]`: a campaign; `--seed X [--verbose]`: one life.

Exit status 0: every promise held; 1: one was broken, the seed is printed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from tests.simulation.campaign import Campaign


def main(argv: Sequence[str] | None = None) -> int:
    """Run the lives that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many lives")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first seed")
    parser.add_argument("--seed", type=int, help="only this life")
    parser.add_argument("--verbose", action="store_true", help="print what happens")
    asked = parser.parse_args(argv)
    first = asked.first if asked.seed is None else asked.seed
    last = first + (asked.seeds if asked.seed is None else 1)
    campaign = Campaign()
    began = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, last):
            campaign.live([seed], Path(folder), _say if asked.verbose else None)
            if seed in campaign.failures:
                _say(f"seed {seed}: {campaign.failures[seed]}")
    _sum_up(campaign, perf_counter() - began)
    return 1 if campaign.failures else 0


def _sum_up(campaign: Campaign, seconds: float) -> None:
    lives = campaign.lives
    _say(
        f"{lives} lives in {seconds:.1f} s ({lives / seconds:.1f}/s), {campaign.steps} steps, "
        f"{campaign.rows} statements, {campaign.cuts} cuts, {len(campaign.failures)} failed"
    )
    if lives > 1 and campaign.never_seen():
        _say(f"never seen: {', '.join(sorted(campaign.never_seen()))}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
