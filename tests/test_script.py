"""Simplified and Traditional script."""

from __future__ import annotations

import pytest

from gazette import script


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("政府诚信建设", ""),
        ("政府誠信建設", "誠設"),
        ("皇后与里程，著作与乾坤，于今", ""),
        ("關于公開後", "關開後"),
        ("喆、堃、镕", ""),
        ("Open records 2025", ""),
    ],
)
def test_traditional_characters_in_a_simplified_text(text: str, found: str) -> None:
    """Those of both scripts and rare ones of names are none."""
    assert script.foreign(text, script.SIMPLIFIED) == frozenset(found)
    assert script.traditional(text) is bool(found)


@pytest.mark.parametrize(("text", "found"), [("關於公開", ""), ("关於公开", "关开"), ("台灣里長", "")])
def test_simplified_characters_in_a_traditional_text(text: str, found: str) -> None:
    """As conversion by machine leaves them."""
    assert script.foreign(text, script.TRADITIONAL) == frozenset(found)
