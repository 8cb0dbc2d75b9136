"""Other releases than the installed one, as bundles of this checkout with one thing changed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from kiosk.appliance import bundle as bundles
from kiosk.appliance.bundle import VERSION_FILE, WHEELS
from kiosk.version import VERSION
from tests.appliance import tiny
from tests.booted import cache

NEXT = "999.0.0"


@dataclass(frozen=True, slots=True)
class Edit:
    """Other words at one place of the program."""

    file: str
    old: str
    new: str

    def carry_out(self, folder: Path) -> None:
        """Fails where the program no longer has the words exactly once."""
        path = folder / self.file
        text = path.read_text(encoding="utf-8")
        assert text.count(self.old) == 1, f"{self.file} is no longer as this test knows it"
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


IS_NEXT = Edit(VERSION_FILE, f'VERSION = "{VERSION}"', f'VERSION = "{NEXT}"')
RUN_ENDS = Edit("kiosk/cli.py", "    return compose.run(config)\n", "    return 1\n")
ILL = "an invented ailment"
DOCTOR_FINDS = Edit(
    "kiosk/doctor/checkup.py",
    "    yield from boot.check(config.cabinet, machine)\n",
    f'    yield from boot.check(config.cabinet, machine)\n    yield wrong("{ILL}", "is", "be")\n',
)


def bundle(folder: Path, *edits: Edit) -> str:
    """The next version with these changes and the wheels of this machine; the name it gets as a release."""
    bundles.write(cache.REPO, folder)
    for edit in (IS_NEXT, *edits):
        edit.carry_out(folder)
    tiny.summed(folder)
    shutil.copytree(cache.wheels(f"bookworm-{cache.own()}"), folder / WHEELS)
    return bundles.read(folder).name(["kiosk"])


def break_wheel(folder: Path, of: str = "cryptography") -> None:
    """One byte in the middle of a wheel has turned, as on a bad stick."""
    (wheel,) = (folder / WHEELS).glob(f"{of}-*.whl")
    content = bytearray(wheel.read_bytes())
    content[len(content) // 2] ^= 1
    wheel.write_bytes(content)
