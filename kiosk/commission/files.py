"""What a round leaves on the disk: its progress, the configuration, the report. Whole or not at all."""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from drivers.doors import Reading
from kiosk import config_cabinet
from kiosk.commission.plan import Plan
from kiosk.commission.state import Found
from kiosk.config_table import ConfigError, Table
from kiosk.config_write import cabinet_toml
from kiosk.hardware import Cabinet

PROGRESS = "commissioning.json"
DRAFT = "cabinet.draft.toml"
MODE = 0o644  # no secret is in any of them


@dataclass(frozen=True, slots=True)
class Files:
    """The folder of the round; with `dry` nothing is ever written."""

    folder: Path
    dry: bool = False

    def kept(self, plan: Plan) -> tuple[Found, ...]:
        """What an interrupted round of the same plan had found; () for any other, or none."""
        try:
            raw = json.loads((self.folder / PROGRESS).read_text(encoding="utf-8"))
            if raw["plan"] != plan.fingerprint():
                return ()
            found = tuple(Found(**{**one, "rest": Reading(one["rest"])}) for one in raw["found"])
        except FileNotFoundError:
            return ()
        except (ValueError, KeyError, TypeError):  # half a file of another hand: begin anew
            return ()
        done = [one.virtual for one in found]
        fits = len(set(done)) == len(done) and set(done) <= {one.virtual for one in plan.pulsed}
        return found if fits else ()

    def keep(self, plan: Plan, found: tuple[Found, ...]) -> None:
        """On the disk when this returns. OSError: it is not."""
        raw = {"plan": plan.fingerprint(), "found": [asdict(one) for one in found]}
        self._write(PROGRESS, json.dumps(raw))

    def forget(self) -> None:
        """The round is over."""
        if not self.dry:
            (self.folder / PROGRESS).unlink(missing_ok=True)

    def write_cabinet(self, cabinet: Cabinet) -> Path:
        """`cabinet.toml`, read back before it takes the old one's place.

        Raises:
            ConfigError: what would be written could not be read; nothing was changed.
            OSError: likewise nothing was changed.
        """
        text = cabinet_toml(cabinet)
        path = self.folder / config_cabinet.FILE
        config_cabinet.read(Table(path, "", tomllib.loads(text)))
        self._write(config_cabinet.FILE, text)
        return path

    def write_draft(self, cabinet: Cabinet) -> Path:
        """What was found so far, beside the configuration that stays as it is."""
        self._write(DRAFT, cabinet_toml(cabinet))
        return self.folder / DRAFT

    def write_report(self, lines: tuple[str, ...], at: datetime) -> Path:
        """`commissioning-<date>.txt`."""
        name = f"commissioning-{at:%Y%m%d-%H%M}.txt"
        self._write(name, "\n".join(lines) + "\n")
        return self.folder / name

    def _write(self, name: str, text: str) -> None:
        if self.dry:
            return
        part = self.folder / f".{name}.part"
        with part.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(MODE)
        part.replace(self.folder / name)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def check_place(config: Path, folder: Path) -> None:
    """ConfigError: the cabinet stands in `kiosk.toml` itself, where no program writes."""
    raw = tomllib.loads(config.read_text(encoding="utf-8"))
    here = [name for name in config_cabinet.TABLES if name in raw]
    if here and folder.resolve() == config.parent.resolve():
        raise ConfigError(
            f"{config}: [{here[0]}] stands in it; move {', '.join(here)} into "
            f"{config_cabinet.FILE} beside it first, or name another folder with --out. "
            "No lock was pulsed"
        )
