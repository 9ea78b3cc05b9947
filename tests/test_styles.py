"""The theme's style sheets keep every rule that a page could need."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
import tinycss2

from gazette.site import styles

NAMES = frozenset({"a", "b", "data-state"})


class Everything(frozenset[str]):
    """Every name there may be."""

    def __contains__(self, name: object) -> bool:
        return True


@pytest.mark.parametrize(
    ("sheet", "left"),
    [
        ("p{color:red}", "p{color:red}"),
        (".a{x:y}.c{x:y}.b{x:y}", ".a{x:y}.b{x:y}"),
        (".c p,.a p , .a>.c,p:hover{x:y}", ".a p,p:hover{x:y}"),
        (".a:not(.c){x:y}", ".a:not(.c){x:y}"),
        (".a:is(.c,.d:not(.e)) p,.c:is(.a){x:y}", ".a:is(.c,.d:not(.e)) p{x:y}"),
        ("[data-state=on] p,[data-other] p{x:y}", "[data-state=on] p{x:y}"),
        ('a[href$=".c"],.c[href$=","]{x:y}', 'a[href$=".c"]{x:y}'),
        ("@media print{.c{x:y}}", ""),
        ("@media print{.c{x:y}@supports (x:y){.a{x:y}.c{x:y}}}", "@media print{@supports (x:y){.a{x:y}}}"),
        ("@keyframes c{to{x:y}}@font-face{x:y}", "@keyframes c{to{x:y}}@font-face{x:y}"),
        ('@charset "UTF-8";p{x:y}', '@charset "UTF-8";p{x:y}'),
        ("p{x:y}\n/*# sourceMappingURL=a.css.map */", "p{x:y}"),
        ("p{--i:url(\"data:x;y,<z a='{'>\")}.c{x:y}", "p{--i:url(\"data:x;y,<z a='{'>\")}"),
        ('p{content:\'}.c{\'}.c{content:"\\"}"}.a{x:y}', 'p{content:"}.c{"}.a{x:y}'),
        (r".a\:c{x:y}", ""),
    ],
)
def test_what_names_something_no_page_has_is_left_out(sheet: str, left: str) -> None:
    """By its classes and ``data-`` attributes; whatever is doubtful stays."""
    assert styles.trimmed(sheet, NAMES) == left


def test_where_everything_is_needed_the_sheets_of_the_theme_stay_as_they_are() -> None:
    """Nothing is lost in reading them, however a value is spelt afterwards."""
    sheets = sorted((Path(str(files("material"))) / "templates/assets/stylesheets").rglob("*.css"))
    assert sheets
    for sheet in sheets:
        text = sheet.read_text("utf-8")
        assert _rules(styles.trimmed(text, Everything())) == _rules(text)


def _rules(sheet: str) -> list[str]:
    found = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
    assert found
    assert not [rule for rule in found if rule.type == "error"]
    return [rule.serialize() for rule in found]
