"""The command `kiosk`: exit status 0, 1 failed, 2 wrong use; answers to stdout, errors to stderr."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import identity
from kiosk.cli import main
from kiosk.version import VERSION
from sync.keys import save_key
from sync.messages import Kind
from tests.kiosk.counter import Counter
from tests.kiosk.station import CONFIG, WALL_MS, Station, config_file, said

JOBS = ("demo", "run", "sync", "central", "enroll", "status", "doctor", "journal", "manifest")
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def station(tmp_path: Path) -> Station:
    """An enrolled kiosk with a configuration, keys where `kiosk.toml` says, and no journal yet."""
    config_file(tmp_path)
    made = Station(tmp_path / "data")
    made.folder.mkdir()
    keys = made.folder / "keys"
    identity.make(keys)
    save_key(keys / identity.STATEMENT, made.keys.statement)
    save_key(keys / identity.MANIFEST, made.keys.manifest)
    identity.keep_enrolment(keys, made.enrolment)
    return made


@pytest.fixture
def filled(station: Station) -> Station:
    """With two rows and one accepted manifest in its journal."""
    station.office.register("r1")
    sealed = station.sealed()
    ver = station.office.published[-1]["ver"]
    journal = station.journal()
    journal.append(said(1, Kind.STARTED, version=VERSION))
    accepted = said(2, Kind.MANIFEST_ACCEPTED, ver=ver, hash=sealed.hash)
    journal.append(accepted, sealed=sealed.jwe)
    journal.append(said(3, Kind.RATED, score=5))
    journal.close()
    return station


@pytest.fixture
def counter(station: Station) -> Iterator[Counter]:
    """Something that answers where `kiosk.toml` says that `kiosk run` does."""
    made = Counter(station.folder.parent)
    yield made
    made.close()


def _config(station: Station) -> list[str]:
    return ["--config", str(station.folder.parent / "kiosk.toml")]


def _left(arguments: list[str]) -> int | str | None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    return caught.value.code


# Use


@pytest.mark.parametrize("job", JOBS)
def test_every_job_explains_itself(job: str, capsys: Capture) -> None:
    assert _left([job, "--help"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith(f"usage: kiosk {job}")
    assert shown.err == ""


def test_the_help_names_every_job(capsys: Capture) -> None:
    assert _left(["--help"]) == 0
    shown = capsys.readouterr().out
    assert [job for job in JOBS if f"\n    {job} " not in shown] == []


def test_the_version_is_told(capsys: Capture) -> None:
    assert _left(["--version"]) == 0
    assert capsys.readouterr().out == f"kiosk {VERSION}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["open"],
        ["status", "now"],
        ["status", "--colour"],
        ["journal"],
        ["journal", "delete"],
        ["journal", "show", "--most", "few"],
        ["journal", "show", "--most", "-1"],
        ["journal", "show", "--after", "1.5"],
        ["journal", "show", "--after", "9" * 40],
        ["manifest", "edit"],
        ["enroll", "request"],
        ["enroll", "steal", "file"],
        ["central"],
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_says_why_on_stderr(
    arguments: list[str], capsys: Capture
) -> None:
    assert _left(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "usage: kiosk" in shown.err
    assert "error: " in shown.err


# What cannot be done


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["sync"],
        ["status"],
        ["journal", "show"],
        ["journal", "verify"],
        ["manifest", "show"],
        ["enroll", "request", "request.json"],
    ],
    ids=" ".join,
)
def test_without_a_configuration_every_job_fails_and_says_so(
    tmp_path: Path, arguments: list[str], capsys: Capture
) -> None:
    assert main(["--config", str(tmp_path / "none.toml"), *arguments]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert (
        shown.err == f"kiosk: {tmp_path}/none.toml: there is no such file; name one with --config\n"
    )


def test_a_kiosk_without_keys_neither_runs_nor_syncs(tmp_path: Path, capsys: Capture) -> None:
    path = str(config_file(tmp_path))
    assert main(["--config", path, "run"]) == 1
    assert "this kiosk is not enrolled" in capsys.readouterr().err
    assert main(["--config", path, "sync"]) == 1
    assert "transport.jwk: cannot be read" in capsys.readouterr().err


def test_an_address_of_central_that_may_not_be_used_is_told(
    station: Station, capsys: Capture
) -> None:
    text = CONFIG.replace("https://", "http://")
    config_file(station.folder.parent, text)
    assert main([*_config(station), "sync"]) == 1
    assert "kiosk.toml: [central] url: " in capsys.readouterr().err


# journal


def test_the_journal_is_shown_as_lines_and_as_json(filled: Station, capsys: Capture) -> None:
    assert main([*_config(filled), "journal", "show"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Kiosk bt1, epoch 1, 3 statements"
    assert lines[3].endswith("score=5")
    assert main([*_config(filled), "journal", "show", "--json", "--after", "2"]) == 0
    assert json.loads(capsys.readouterr().out)["score"] == 5


def test_the_newest_rows_of_the_journal_are_shown(filled: Station, capsys: Capture) -> None:
    assert main([*_config(filled), "journal", "show", "--json", "--most", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["seq"] == 3
    assert main([*_config(filled), "journal", "show", "--json", "--kind", "started"]) == 0
    assert json.loads(capsys.readouterr().out)["seq"] == 1


def test_a_sound_journal_verifies(filled: Station, capsys: Capture) -> None:
    assert main([*_config(filled), "journal", "verify", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True


def test_a_journal_that_is_not_there_is_told(station: Station, capsys: Capture) -> None:
    for action in ("show", "verify"):
        assert main([*_config(station), "journal", action]) == 1
        shown = capsys.readouterr()
        assert shown.out == ""
        assert "journal.db is not there" in shown.err


# manifest


def test_the_manifest_is_shown_without_any_secret(filled: Station, capsys: Capture) -> None:
    assert main([*_config(filled), "manifest", "show", "--json"]) == 0
    shown = capsys.readouterr().out
    told = json.loads(shown)
    assert (told["kiosk"], told["epoch"], told["ver"]) == ("bt1", 1, WALL_MS // 1000)
    assert told["results"][0]["holders"] == [{"id": "h1", "gen": 1, "counter": 0}]
    assert main([*_config(filled), "manifest", "show"]) == 0
    text = shown + capsys.readouterr().out
    assert "results 1" in text
    holder = filled.office.results["r1"].holders["h1"]
    secrets = [holder.phone[-4:], holder.secret, holder.token, filled.office.code("r1"), "NGUYỄN"]
    assert [s for s in secrets if s in text] == []


def test_before_the_first_contact_there_is_no_manifest(station: Station, capsys: Capture) -> None:
    station.journal().close()
    assert main([*_config(station), "manifest", "show", "--json"]) == 1
    shown = capsys.readouterr()
    assert (shown.out, "first contact" in shown.err) == ("", True)


def test_a_manifest_that_does_not_open_any_more_is_told(filled: Station, capsys: Capture) -> None:
    other = Station(filled.folder)
    save_key(filled.folder / "keys" / identity.MANIFEST, other.keys.manifest)
    assert main([*_config(filled), "manifest", "show"]) == 1
    shown = capsys.readouterr()
    assert (shown.out, "cannot be opened: decrypt" in shown.err) == ("", True)


# enroll and central, as a person would call them


def test_two_people_enrol_a_kiosk_with_three_commands(tmp_path: Path, capsys: Capture) -> None:
    config = ["--config", str(config_file(tmp_path))]
    asked, answer = tmp_path / "request.json", tmp_path / "answer.json"
    assert main([*config, "enroll", "request", str(asked)]) == 0
    place = ["--unit", "P.Bình Tiên", "--address", "123 Đường Số 45"]
    enrol = ["central", str(tmp_path / "central"), "--enrol", str(asked), *place]
    assert main([*enrol, "--answer", str(answer)]) == 0
    assert main([*config, "enroll", "accept", str(answer)]) == 0
    assert identity.enrolment(tmp_path / "data" / "keys").kiosk == "bt1"
    assert capsys.readouterr().out == ""


def test_an_answer_that_is_none_is_told(tmp_path: Path, capsys: Capture) -> None:
    config = ["--config", str(config_file(tmp_path))]
    assert main([*config, "enroll", "accept", str(tmp_path / "none.json")]) == 1
    assert "not an answer of central" in capsys.readouterr().err
