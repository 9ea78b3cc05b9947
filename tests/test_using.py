"""The code a page offers is run against files as the site publishes them."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from gazette import exports
from gazette.model import Dataset, History, Slice
from gazette.pages import using
from gazette.pages.edition import Edition
from tests import sample
from tests.test_pages import TODAY


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The annual reports of the sample, exported as a build does it."""
    root, stage = tmp_path_factory.mktemp("datasets"), tmp_path_factory.mktemp("stage")
    dataset = sample.ANNUAL_REPORTS
    sample.artifacts(root, (dataset,))
    (root / "data" / dataset.name).rename(root / dataset.folder)
    pieces = []
    for resource in dataset.resources[:2]:
        (root / dataset.folder / "data").mkdir(exist_ok=True)
        (root / dataset.folder / f"{resource.slug}.csv").rename(root / dataset.folder / "data" / f"{resource.slug}.csv")
        pieces.append(Slice(root=root, dataset=dataset, resource=resource))
    settings = sample.settings()
    artifacts, omissions = exports.write(pieces, settings, stage, History(), TODAY)
    return Edition(
        datasets=(dataset,),
        artifacts=artifacts,
        omissions=omissions,
        structured={},
        units=(),
        report=sample.report((dataset,)),
        history=sample.history(),
        settings=settings,
        as_of=TODAY,
        stage=stage,
    )


def snippets(edition: Edition) -> dict[str, str]:
    return {each.name: each.code for each in using.code(edition, dataset(edition))}


def dataset(edition: Edition) -> Dataset:
    return edition.datasets[0]


def test_the_python_on_the_page_loads_every_table(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes stay text, days are days, blanks stay blank."""
    monkeypatch.chdir(edition.stage)
    names: dict[str, pd.DataFrame] = {}
    exec(snippets(edition)["Python (pandas)"], names)  # noqa: S102 - what a reader is told to run
    assert len(names["requests"]) == 25
    assert list(names["reports"]["report_id"]) == ["suqian-2023", "suqian-2024"]
    assert names["reports"]["published_on"].isna().tolist() == [False, True]


def test_the_sql_on_the_page_loads_every_table(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    """In DuckDB, with sums that need numbers."""
    monkeypatch.chdir(edition.stage)
    with duckdb.connect() as database:
        database.execute(snippets(edition)["DuckDB (SQL)"])
        assert database.execute('SELECT sum("count") FROM requests').fetchall() == [(sum(range(25)) * 137,)]


def test_the_r_on_the_page_names_the_same_files(edition: Edition) -> None:
    """R is not run here; its lines name what the others load."""
    code = snippets(edition)["R (arrow)"]
    assert 'requests <- read_parquet("data/annual-reports/requests.parquet")' in code


@pytest.mark.parametrize(
    ("slug", "name"),
    [("requests-by-unit", "requests_by_unit"), ("2024", "t_2024"), ("class", "t_class"), ("order", "t_order")],
)
def test_a_table_gets_a_name_every_language_takes(slug: str, name: str) -> None:
    """Words of Python, R and SQL, and names that begin with a digit, are given a letter."""
    assert using._identifier(slug) == name
