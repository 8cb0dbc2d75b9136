"""Makes what docs/protocol.md shows and docs/protocol/ holds: `python -m docs.protocol_files`.

The law of this file: two runs give the same bytes; a test holds them against those that are checked in.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from docs.protocol_examples import examples
from docs.protocol_forms import schemas
from docs.protocol_page import filled
from sync.central.app import make_app
from sync.central.settings import load_settings
from sync.central.store import Store
from sync.forms import Schema

PAGE = Path(__file__).with_name("protocol.md")
FOLDER = Path(__file__).with_name("protocol")
EXAMPLES = FOLDER / "examples.json"
OPENAPI = FOLDER / "openapi.json"


def openapi() -> Mapping[str, object]:
    """Of the reference central, as a running one shows it at /openapi.json."""
    with TemporaryDirectory() as folder:
        store = Store(load_settings(Path(folder), {}), lambda: time.monotonic_ns() // 10**6)
        try:
            return make_app(store).openapi()
        finally:
            store.close()


def kept() -> Mapping[str, object]:
    """The examples that are checked in."""
    if not EXAMPLES.exists():
        return {}
    return cast(Mapping[str, object], json.loads(EXAMPLES.read_text(encoding="utf-8")))


def schemas_of(made: Mapping[str, object]) -> dict[str, Schema]:
    """The schemas, by file name."""
    manifest = cast(Mapping[str, object], made["manifest"])["payload"]
    statement = cast(list[Mapping[str, object]], made["statements"])[0]["payload"]
    return schemas(manifest, statement)


def files(page: str) -> dict[Path, str]:
    """Every file and what it must hold; `page` is the page as it is now."""
    made = examples(kept())
    forms = schemas_of(made)
    told: dict[Path, Mapping[str, object]] = {FOLDER / name: form for name, form in forms.items()}
    told |= {EXAMPLES: made, OPENAPI: openapi()}
    texts = {path: _text(value, ordered=path is OPENAPI) for path, value in told.items()}
    return texts | {PAGE: filled(page, made, forms)}


def _text(value: Mapping[str, object], *, ordered: bool) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=ordered) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for path, text in files(PAGE.read_text(encoding="utf-8")).items():
        path.write_text(text, encoding="utf-8")
