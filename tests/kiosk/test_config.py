"""`kiosk.toml`: a technician's mistake is told with file, key and what is allowed there."""

from pathlib import Path

import pytest

from kiosk.clock import Source
from kiosk.config import ConfigError, load
from tests.kiosk.station import CONFIG, config_file


def _loaded_with(folder: Path, *, top: str = "", end: str = "", instead: str = "") -> None:
    """Load the plain file with lines put before it or behind it; `instead` replaces all of it."""
    load(config_file(folder, instead or f"{top}\n{CONFIG}\n{end}\n"))


def test_a_plain_file_gives_the_defaults_and_paths_beside_it(tmp_path: Path) -> None:
    config = load(config_file(tmp_path))
    assert (config.kiosk, config.language, config.hotline) == ("bt1", "vi", "1022")
    assert config.data == tmp_path / "data"
    assert config.keys == tmp_path / "data" / "keys"
    assert config.socket == tmp_path / "run.sock"
    assert (config.clock, config.cabinet.scanner.kind, config.fullscreen) == (
        Source.TIMESYNCD,
        "simulated",
        False,
    )
    assert (config.central_ca, config.sync_user) == (None, "")
    assert [(p.number, p.row, p.size, p.low) for p in config.cabinet.compartments] == [
        (1, 1, "A4", False),
        (2, 2, "A4", False),
    ]


def test_absolute_paths_stay_what_they_are(tmp_path: Path) -> None:
    text = CONFIG.replace('data = "data"', 'data = "/srv/kiosk"\nkeys = "/run/credentials/kiosk"')
    config = load(config_file(tmp_path, text))
    assert (str(config.data), str(config.keys)) == ("/srv/kiosk", "/run/credentials/kiosk")


WRONG_TOP = [
    ('kiosk = ""', "kiosk", "a text in quotes"),
    ('kiosk = "bt 1"', "kiosk", "1 to 64 letters"),
    ('kiosk = "bt.1"', "kiosk", "1 to 64 letters"),
    ("kiosk = 7", "kiosk", "a text in quotes"),
    ('unit = "  "', "unit", "a text in quotes"),
    ("address = true", "address", "a text in quotes"),
    ('data = ""', "data", "a text in quotes"),
    ('socket = ""', "socket", "a text in quotes"),
    ('hotline = ""', "hotline", "a text in quotes"),
    ("hotline = 1022", "hotline", "a text in quotes"),
    ('language = "fr"', "language", '"vi", "en"'),
    ("language = 1", "language", '"vi", "en"'),
    ('hotlin = "1022"', "hotlin", "known: address"),
]


@pytest.mark.parametrize(("line", "key", "allowed"), WRONG_TOP)
def test_a_wrong_line_is_told_with_file_key_and_what_is_allowed(
    tmp_path: Path, line: str, key: str, allowed: str
) -> None:
    others = [kept for kept in CONFIG.splitlines() if kept.split(" =")[0] != key]
    with pytest.raises(ConfigError) as caught:
        _loaded_with(tmp_path, instead="\n".join([line, *others]))
    told = str(caught.value)
    assert told.startswith(f"{tmp_path / 'kiosk.toml'}: {key}: ")
    assert allowed in told


@pytest.mark.parametrize("key", ["kiosk", "unit", "address"])
def test_a_missing_line_is_told_as_missing(tmp_path: Path, key: str) -> None:
    text = "\n".join(kept for kept in CONFIG.splitlines() if kept.split(" =")[0] != key)
    with pytest.raises(ConfigError, match=f"kiosk.toml: {key}: missing"):
        _loaded_with(tmp_path, instead=text)


WRONG_TABLES = [
    (
        '[central]\nurl = "https://c"\nuser = "x"',
        "central.user",
        "known: ca, proxy, sync_user, url",
    ),
    ("[central]", "central.url", "a text in quotes"),
    ('[cabinet]\ndriver = "relays"', "cabinet.driver", '"simulated", "boards", "gpio"'),
    ('[scanner]\nkind = "gm65"', "scanner.port", "a text in quotes"),
    ('[cabinet]\ndriver = "simulated"\nscreen_cell = [1, 2]', "cabinet.screen_cell", "3 whole"),
    ('[cabinet]\ndriver = "simulated"\nscreen_cell = [1, 2, 99]', "cabinet.screen_cell", "3 whole"),
    (
        '[cabinet]\ndriver = "simulated"\nscreen_cell = [1, 2, true]',
        "cabinet.screen_cell",
        "3 whole",
    ),
    ('[cabinet]\ndriver = "simulated"\nscreen_cell = "1"', "cabinet.screen_cell", "3 whole"),
    ("[screen]\nwidth = 10", "screen.width", "from 320 to 4096"),
    ("[screen]\nheight = true", "screen.height", "from 320 to 4096"),
    ("[screen]\npx_per_m = 8.3", "screen.px_per_m", "from 1000 to 40000"),
    ('[screen]\nfullscreen = "yes"', "screen.fullscreen", "true, false"),
    ("[screen]\ndepth = 24", "screen.depth", "known: fullscreen"),
    ('[clock]\nsource = "gps"', "clock.source", '"timesyncd", "host"'),
    ("[clock]\nzone = 7", "clock.zone", "known: source"),
]


@pytest.mark.parametrize(("table", "key", "allowed"), WRONG_TABLES)
def test_a_wrong_key_in_a_table_is_told_with_its_table(
    tmp_path: Path, table: str, key: str, allowed: str
) -> None:
    name = table.splitlines()[0]
    text = CONFIG
    for plain in ('[central]\nurl = "https://central.example"', '[cabinet]\ndriver = "simulated"'):
        if plain.startswith(name):
            text = text.replace(plain, table)
    with pytest.raises(ConfigError) as caught:
        _loaded_with(tmp_path, instead=text if name in CONFIG else f"{CONFIG}\n{table}\n")
    assert f"kiosk.toml: {key}: " in str(caught.value)
    assert allowed in str(caught.value)


WRONG_COMPARTMENTS = [
    ("row = 3\ncolumn = 1", "compartment #3.number", "from 1 to 255"),
    ("number = 0\nrow = 3\ncolumn = 1", "compartment #3.number", "from 1 to 255"),
    ("number = 256\nrow = 3\ncolumn = 1", "compartment #3.number", "from 1 to 255"),
    ("number = true\nrow = 3\ncolumn = 1", "compartment #3.number", "from 1 to 255"),
    ("number = 3\nrow = 0\ncolumn = 1", "compartment #3.row", "from 1 to 40"),
    ("number = 3\nrow = 3\ncolumn = 41", "compartment #3.column", "from 1 to 40"),
    ("number = 3\nrow = 3\ncolumn = 1\nheight = 11", "compartment #3.height", "from 1 to 10"),
    ('number = 3\nrow = 3\ncolumn = 1\nsize = "A5"', "compartment #3.size", '"A4", "A3", "bulky"'),
    ("number = 3\nrow = 3\ncolumn = 1\nlow = 1", "compartment #3.low", "true, false"),
    ("number = 3\nrow = 3\ncolumn = 1\nbank = 1", "compartment #3.bank", "a text in quotes"),
    ("number = 3\nrow = 3\ncolumn = 1\nrelay = 4", "compartment #3.relay", "known: bank, column"),
]


@pytest.mark.parametrize(("lines", "key", "allowed"), WRONG_COMPARTMENTS)
def test_a_wrong_compartment_is_told_with_its_place_in_the_file(
    tmp_path: Path, lines: str, key: str, allowed: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        _loaded_with(tmp_path, end=f"[[compartment]]\n{lines}")
    assert f"kiosk.toml: {key}: " in str(caught.value)
    assert allowed in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("number = 2\nrow = 5\ncolumn = 1", "compartment.number: 2 stands there twice"),
        ("number = 3\nrow = 2\ncolumn = 1", "same row and column"),
        ("number = 3\nrow = 4\ncolumn = 2\nheight = 2", "screen_cell: a compartment lies there"),
    ],
)
def test_two_things_in_one_place_are_told(tmp_path: Path, lines: str, told: str) -> None:
    text = CONFIG.replace("[cabinet]", "[cabinet]\nscreen_cell = [5, 2, 3]")
    with pytest.raises(ConfigError, match=r"kiosk\.toml: ") as caught:
        _loaded_with(tmp_path, instead=f"{text}\n[[compartment]]\n{lines}\n")
    assert told in str(caught.value)


def test_a_tall_compartment_may_stand_beside_others_but_not_on_them(tmp_path: Path) -> None:
    tall = "[[compartment]]\nnumber = 3\nrow = 1\ncolumn = {}\nheight = 2"
    load(config_file(tmp_path, f"{CONFIG}\n{tall.format(2)}"))
    with pytest.raises(ConfigError, match="same row and column"):
        load(config_file(tmp_path, f"{CONFIG}\n{tall.format(1)}"))


def test_a_cabinet_without_compartments_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no \[\[compartment"):
        _loaded_with(tmp_path, instead=CONFIG.split("[[compartment]]")[0])


@pytest.mark.parametrize("line", ["central = 5", 'central = ["x"]'])
def test_what_is_no_table_is_told(tmp_path: Path, line: str) -> None:
    text = CONFIG.replace('[central]\nurl = "https://central.example"\n', "")
    with pytest.raises(ConfigError, match=r"\[central\] is not a table"):
        _loaded_with(tmp_path, instead=f"{line}\n{text}")


def test_one_table_where_several_are_wanted_is_told(tmp_path: Path) -> None:
    text = CONFIG.split("[[compartment]]")[0] + "[compartment]\nnumber = 1\nrow = 1\ncolumn = 1"
    with pytest.raises(ConfigError, match=r"compartment: .*tables \[\[compartment\]\]"):
        _loaded_with(tmp_path, instead=text)


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file; name one with --config"):
        load(tmp_path / "nowhere.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path)
    with pytest.raises(ConfigError, match=r"cannot be read.*line 1"):
        _loaded_with(tmp_path, instead="kiosk bt1")
    (tmp_path / "kiosk.toml").write_bytes(b'kiosk = "\xff"')
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "kiosk.toml")
