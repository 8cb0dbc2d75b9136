"""The arrows between the rooms, held: who may import whom, and how long a thing may grow."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("kiosk", "drivers", "sync", "ui")
LEAVES = ("drivers", "sync", "ui")
VOCABULARIES = {  # stdlib only, but for the vocabularies of the same room
    "drivers/doors.py": (),
    "drivers/devices.py": (),
    "drivers/boards.py": ("drivers.doors",),
    "sync/messages.py": (),
    "ui/hands.py": (),
    "ui/walls.py": (),
    "ui/staff_screens.py": ("ui.walls",),
    "ui/service_screens.py": ("ui.walls", "ui.staff_screens"),
    "ui/upkeep_screens.py": ("ui.walls", "ui.staff_screens", "ui.service_screens"),
    "ui/sizes.py": (),
    "ui/setup_screens.py": ("ui.service_screens",),
    "ui/screens.py": ("ui.walls", "ui.staff_screens", "ui.upkeep_screens", "ui.setup_screens"),
}
# Each reaches outside the program, or answers differently when asked twice.
IMPURE = """
    asyncio concurrent ctypes glob http io locale logging multiprocessing os pathlib platform
    queue random sched secrets select selectors shutil signal socket sqlite3 ssl subprocess
    tempfile threading time urllib uuid
"""
PURE = set(sys.stdlib_module_names) - set(IMPURE.split())
HOMES = {
    "sqlalchemy": ("kiosk/journal*.py", "kiosk/journal/*", "sync/central/*"),
    "pygame": ("ui/*",),
    "gpiozero": ("drivers/*",),
    "serial": ("drivers/*",),
    "escpos": ("drivers/panel/*",),
    "PIL": ("drivers/panel/*",),
    "sync.central": ("sync/central/*", "kiosk/cli*.py", "kiosk/demo*"),
    "tests": (),
    "bench": (),
}
HOST = re.compile("|".join([r"pypi\." + "org", "python" + "hosted", "piwheels" + r"\.org"]))
MACHINE = re.compile(r"(?<![\w.~$}>])/(work|root|Users|home/[a-z]+|opt/(pypi|wheels))/")


def _tracked() -> list[str]:
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        answer = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
        names = answer.stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):  # a copy without its git
        found = (path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*"))
        names = [name for name in found if not re.match(r"\.(?!ci/)|(out|build|dist)/", name)]
    return sorted(name for name in names if (ROOT / name).is_file() and "__pycache__" not in name)


TRACKED = _tracked()
PYTHON = [name for name in TRACKED if name.endswith(".py")]
PROGRAM = [name for name in PYTHON if name.split("/", maxsplit=1)[0] in ROOMS]


def _tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


def _modules(node: ast.AST, name: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        above = name.split("/")[: -node.level] if node.level else []
        source = ".".join([*above, *([node.module] if node.module else [])])
        return [f"{source}.{alias.name}" for alias in node.names]
    return []


def _imports(name: str) -> list[str]:
    return [module for node in ast.walk(_tree(name)) for module in _modules(node, name)]


def _inside(module: str, *rooms: str) -> bool:
    return any(module == room or module.startswith(room + ".") for room in rooms)


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("room", LEAVES)
def test_drivers_sync_and_ui_know_neither_each_other_nor_the_kiosk(room: str) -> None:
    others = [other for other in ROOMS if other != room]
    files = [name for name in PROGRAM if name.startswith(f"{room}/")]
    assert [(f, m) for f in files for m in _imports(f) if _inside(m, *others)] == []


def test_the_core_imports_only_what_is_pure() -> None:
    allowed = (*PURE, "pyotp", "drivers.doors", "drivers.devices", "sync.messages", "kiosk.core")
    files = [name for name in PROGRAM if name.startswith("kiosk/core/")]
    assert [(f, m) for f in files for m in _imports(f) if not _inside(m, *allowed)] == []


def test_the_core_neither_reads_a_clock_nor_opens_a_file() -> None:
    files = [name for name in PROGRAM if name.startswith("kiosk/core/")]
    calls = [(f, n.func) for f in files for n in ast.walk(_tree(f)) if isinstance(n, ast.Call)]
    by_name = [(f, c.id) for f, c in calls if isinstance(c, ast.Name)]
    by_attribute = [(f, c.attr) for f, c in calls if isinstance(c, ast.Attribute)]
    assert [hit for hit in by_name if hit[1] in {"open", "print", "input"}] == []
    assert [hit for hit in by_attribute if hit[1] in {"now", "utcnow", "today"}] == []


@pytest.mark.parametrize("module", HOMES)
def test_a_library_is_known_only_where_it_lives(module: str) -> None:
    strangers = [f for f in PROGRAM if not any(fnmatch(f, home) for home in HOMES[module])]
    assert [(f, m) for f in strangers for m in _imports(f) if _inside(m, module)] == []


def test_the_command_line_loads_the_reference_central_late() -> None:
    cli = "kiosk/cli.py"
    eager = [m for n in _tree(cli).body for m in _modules(n, cli)] if cli in PROGRAM else []
    assert [module for module in eager if _inside(module, "sync.central")] == []


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_vocabulary_imports_the_standard_library_only(name: str) -> None:
    allowed = (*sys.stdlib_module_names, *VOCABULARIES[name])
    assert [m for m in _imports(name) if not _inside(m, *allowed)] == []


def test_package_files_are_empty() -> None:
    packages = [name for name in PYTHON if name.endswith("__init__.py")]
    assert [name for name in packages if (ROOT / name).read_bytes().strip()] == []


def test_no_file_is_over_300_lines_and_no_function_over_50() -> None:
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in PYTHON}
    assert [name for name, text in texts.items() if len(text.splitlines()) > 300] == []
    functions = [(name, node) for name in PYTHON for node in _functions(_tree(name))]
    lengths = {f"{f}:{n.name}": (n.end_lineno or 0) - n.lineno + 1 for f, n in functions}
    assert {where: lines for where, lines in lengths.items() if lines > 50} == {}


def test_no_file_names_a_download_host_or_a_path_of_one_machine() -> None:
    texts = {f: (ROOT / f).read_bytes().decode("utf-8", "replace") for f in TRACKED}
    assert [(f, found[0]) for f, text in texts.items() for found in HOST.finditer(text)] == []
    assert [(f, found[0]) for f, text in texts.items() for found in MACHINE.finditer(text)] == []
