"""What other people's validators say, each a program in an environment of its own (``.ci/validators``)."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.metadata.conftest import Made

NAMES = ("halls", "rooms", "grades")
CSV = {"halls": "halls", "rooms": "rooms", "grades": "grades-illustrative"}


@pytest.fixture(scope="module")
def programs() -> Path:
    """The folder of the validators. Without it the tests are skipped, in CI they fail."""
    named = os.environ.get("GAZETTE_VALIDATORS", "")
    if not named or not (Path(named) / "python").exists():
        missing = "no validators: name their folder with GAZETTE_VALIDATORS; csvw, mlcroissant and others did not run"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    return Path(named)


def run(*command: object) -> tuple[int, str]:
    """How a program ended and what it said. Nobody may fetch anything: there is no way out but a closed port."""
    closed = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https", "HTTP", "HTTPS", "all")}
    done = subprocess.run(
        [str(word) for word in command], check=False, capture_output=True, text=True, env=os.environ | closed
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_csvw_describes_the_file(made: Made, programs: Path, name: str) -> None:
    """Every cell is what the metadata says of its column."""
    code, said = run(programs / "csvwvalidate", "-v", made.stage / f"data/{name}/{CSV[name]}.csv-metadata.json")
    assert (code, said.strip()) == (0, "OK")


def test_csvw_finds_a_cell_of_another_type(made: Made, programs: Path, tmp_path: Path) -> None:
    """The validator does look."""
    for ending in ("csv", "csv-metadata.json"):
        content = (made.stage / f"data/rooms/rooms.{ending}").read_bytes()
        (tmp_path / f"rooms.{ending}").write_bytes(content.replace(b",2024-02-29,", b",29 Feb,"))
    code, said = run(programs / "csvwvalidate", "-v", tmp_path / "rooms.csv-metadata.json")
    assert code == 1
    assert "29 Feb" in said


@pytest.mark.parametrize("name", NAMES)
def test_croissant_is_valid(made: Made, programs: Path, name: str) -> None:
    """Without error or warning."""
    code, said = run(programs / "mlcroissant", "validate", "--jsonld", made.stage / f"data/{name}/croissant.json")
    assert code == 0, said
    assert "WARNING" not in said


def test_croissant_finds_a_column_that_is_not_there(made: Made, programs: Path, tmp_path: Path) -> None:
    """The validator does look."""
    document = made.json("data/rooms/croissant.json")
    document["recordSet"][0]["field"][0]["source"]["fileObject"]["@id"] = "other.csv"
    (tmp_path / "croissant.json").write_text(json.dumps(document))
    code, _ = run(programs / "mlcroissant", "validate", "--jsonld", tmp_path / "croissant.json")
    assert code != 0


LOAD = """
import sys, mlcroissant
known = mlcroissant.Dataset(jsonld=sys.argv[1], mapping={"rooms.csv": sys.argv[2]})
print([sorted(map(str, row.items())) for row in known.records("rooms")])
"""


def test_croissant_loads_the_rows(made: Made, programs: Path) -> None:
    """From the file beside it, in place of the address that is not there yet."""
    folder = made.stage / "data/rooms"
    code, said = run(programs / "python", "-c", LOAD, folder / "croissant.json", folder / "rooms.csv")
    assert code == 0, said
    assert said.count("rooms/room_id") == 2
    assert "('rooms/seats', 120)" in said


def test_the_openapi_document_is_valid(made: Made, nameless: Made, programs: Path) -> None:
    """By the specification's own schema, with and without an address of the site."""
    for site in (made, nameless):
        code, said = run(programs / "openapi-spec-validator", site.stage / "api/v1/openapi.json")
        assert code == 0, said


@pytest.mark.parametrize("name", NAMES)
def test_a_bag_is_valid(made: Made, programs: Path, tmp_path: Path, name: str) -> None:
    """As the Library of Congress' own program judges it; an altered one is not."""
    with zipfile.ZipFile(next((made.stage / f"data/{name}").glob("*.zip"))) as archive:
        archive.extractall(tmp_path)
    code, said = run(programs / "bagit.py", "--validate", tmp_path / name)
    assert code == 0, said
    with (tmp_path / name / "data" / f"{CSV[name]}.csv").open("ab") as out:
        out.write(b"x")
    code, _ = run(programs / "bagit.py", "--validate", tmp_path / name)
    assert code != 0
