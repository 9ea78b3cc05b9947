"""What a journalist gets by clicking, from the Chinese page to the program that opens it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import Browser

from tests.browser import published
from tests.exports.test_journalist import site

__all__ = ["site"]

ENDINGS = (".xlsx", ".csv", ".zh.csv", ".json", ".parquet")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_click_on_the_chinese_page_brings_the_file_of_the_manifest(
    browser: Browser,
    site: Path,
    tmp_path: Path,
    ending: str,
) -> None:
    """Under its own name, byte for byte; what other programs make of these bytes, the tests of the exports say."""
    context = browser.new_context(locale="zh-CN", accept_downloads=True)
    page = context.new_page()
    with published.served(site) as address:
        page.goto(f"{address}zh/datasets/rooms/")
        link = page.locator(f'a[href$="/rooms{ending}"]').first
        link.evaluate("link => { const more = link.closest('details'); if (more) more.open = true; }")
        with page.expect_download() as coming:
            link.click()
        coming.value.save_as(tmp_path / coming.value.suggested_filename)
    context.close()
    (got,) = tmp_path.iterdir()
    assert got.name == f"rooms{ending}"
    assert got.read_bytes() == (site / f"data/rooms/rooms{ending}").read_bytes()
    if ending == ".xlsx":
        titles = [cell.value for cell in openpyxl.load_workbook(got)["data"][1]]
        assert titles[0] == "房间 | Room"
    if ending == ".zh.csv":
        assert next(iter(pd.read_csv(got, dtype=str))) == "房间"
