"""A release as small as one can be: it has a version, a package to install, and the real units."""

import base64
import hashlib
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

from kiosk.appliance import bundle as bundles
from kiosk.appliance.bundle import Bundle

ROOT = Path(__file__).resolve().parents[2]
MAIN = """import sys
from kiosk.version import VERSION
print("kiosk " + VERSION)
"""
WHEEL = "kiosk_tiny-1.0-py3-none-any.whl"


def wheel(folder: Path) -> str:
    """A wheel with one module, and the line that pins it."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {
        "kiosk_tiny.py": "NUMBER = 1\n",
        "kiosk_tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: kiosk-tiny\nVersion: 1.0\n",
        "kiosk_tiny-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
    }
    sums = [f"{name},sha256={_record(text)},{len(text)}" for name, text in parts.items()]
    parts["kiosk_tiny-1.0.dist-info/RECORD"] = "\n".join(
        [*sums, "kiosk_tiny-1.0.dist-info/RECORD,,", ""]
    )
    with zipfile.ZipFile(folder / WHEEL, "w") as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    pinned = hashlib.sha256((folder / WHEEL).read_bytes()).hexdigest()
    return f"kiosk-tiny==1.0 --hash=sha256:{pinned}\n"


def _record(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def bundle(folder: Path, version: str, changes: Mapping[str, str] | None = None) -> Bundle:
    """A bundle with its wheel; `changes` puts other texts into files."""
    folder.mkdir(parents=True)
    pin = wheel(folder / bundles.WHEELS)
    files = {
        "kiosk/__init__.py": "",
        "kiosk/__main__.py": MAIN,
        "kiosk/version.py": f'VERSION = "{version}"\n',
        "kiosk/compose.py": "import kiosk_tiny\n",
        "kiosk/doctor/__init__.py": "",
        "kiosk/doctor/checkup.py": "",
        "sync/__init__.py": "",
        "sync/client.py": "",
        "requirements-kiosk.lock": pin,
        "requirements-pip.lock": "",
    }
    for name, text in {**files, **(changes or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "systemd", folder / "systemd", dirs_exist_ok=True)
    summed(folder)
    return bundles.read(folder)


def summed(folder: Path) -> None:
    """The list of sums of what lies there, wheels aside."""
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    listed = [n for n in names if not n.startswith((bundles.WHEELS, bundles.SUMS))]
    rows = [f"{hashlib.sha256((folder / n).read_bytes()).hexdigest()}  {n}\n" for n in listed]
    (folder / bundles.SUMS).write_text("".join(rows), encoding="utf-8")


def tree(root: Path, *, times: bool = False) -> dict[str, object]:
    """Everything below a folder: kind, mode, content. Compiled code carries times, a venv its own path."""
    found: dict[str, object] = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        told = path.lstat()
        mark = told.st_mtime_ns if times else 0
        if path.is_symlink():
            found[name] = ("link", str(path.readlink()), mark)
        elif path.is_dir():
            found[name] = ("folder", oct(told.st_mode), mark)
        elif "__pycache__" in name or "/venv/bin/activate" in name or name.endswith("pyvenv.cfg"):
            found[name] = ("made", "", mark)
        else:
            found[name] = (oct(told.st_mode), hashlib.sha256(path.read_bytes()).hexdigest(), mark)
    return found
