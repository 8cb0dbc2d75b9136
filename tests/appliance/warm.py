"""`python -m tests.appliance.warm [arm64]`: make what the tests of the appliance keep, once, before they need it."""

from __future__ import annotations

import sys

from tests.appliance import cache


def main(wishes: list[str]) -> int:
    """Status 1: something could not be made; it is named."""
    try:
        cache.check_machine()
        made = [cache.base(cold=True), cache.wheels(cold=True)]
        if "arm64" in wishes:
            for suite, python in cache.ARM64.items():
                made.append(cache.base(suite, "arm64", cold=True))
                made.append(cache.wheels(python, "aarch64", cold=True))
    except cache.MissingError as error:
        sys.stderr.write(f"warm: {error}\n")
        return 1
    sys.stdout.write("\n".join(map(str, made)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
