"""Record the golden screens anew, after looking at them: `python -m tests.screens.record`.

`python -m ui.gallery out/gallery` writes all pictures and a page to see them on.
"""

from __future__ import annotations

import sys

from tests.screens import golden


def main() -> None:
    """Paint everything and keep the hashes."""
    hashes: dict[str, list[str]] = {}
    for name, _, surface in golden.seen():
        hashes.setdefault(name, []).append(golden.fingerprint(surface))
    names = [looking.name for looking in golden.eyes()]
    golden.save(golden.Golden(golden.canary(), names, hashes))
    sys.stdout.write(f"{len(hashes)} screens, {len(names)} ways to see each: {golden.HASHES}\n")


if __name__ == "__main__":
    main()
