"""`python -m tests.booted.warm [SUITE-ARCH…]`: make what these tests keep, once, before they need it.

Without a name: bookworm for this machine, which the normal run needs. Others: trixie-amd64, bookworm-arm64 …
"""

from __future__ import annotations

import sys

from tests.booted import cache


def main(platforms: list[str]) -> int:
    """Status 1: something could not be made; it is named."""
    try:
        cache.check_machine()
        for platform in platforms or [f"bookworm-{cache.own()}"]:
            suite, _, arch = platform.partition("-")
            for made in (cache.base(suite, arch, cold=True), cache.wheels(platform, cold=True)):
                sys.stdout.write(f"{made}\n")
    except cache.MissingError as error:
        sys.stderr.write(f"warm: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
