"""How a dataset is cited: by the rules of four styles, whatever is known of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from gazette import citation
from gazette.model import Dataset, Language, License, Party, Site, Text, Version

SEEN = date(2026, 1, 31)
NEWEST = Version(commit="0123456789abcdef" * 2, published=date(2026, 1, 20), subject="More")


def both(en: str, zh: str) -> Text:
    return Text(values=(("en", en), ("zh", zh)))


SITE = Site(
    name=both("Open records", "公开记录"),
    description=Text(),
    operator=both("City Archives", "市档案馆"),
    languages=("en", "zh"),
    url="https://example.org/",
)
DATASET = Dataset(
    name="pledges",
    folder="pledges",
    path="pledges/datapackage.yaml",
    title=both("Pledges & promises {2026}", "承诺事项"),
    description=Text(),
    resources=(),
    languages=("en", "zh"),
    parties=(Party(title=both("City Office", "市政府办公室"), roles=("publisher",)),),
    licenses=(License(name="CC-BY-4.0", title=Text(), path="https://creativecommons.org/licenses/by/4.0/"),),
    keywords=("pledges", "承诺", "pledges"),
    version="1.2.0",
)


def cite(
    language: Language = "en", dataset: Dataset = DATASET, site: Site = SITE, newest: Version | None = NEWEST
) -> dict[str, str]:
    return dict(citation.cite(dataset, site, language, newest, SEEN))


def test_gbt7714_is_as_the_standard_writes_it() -> None:
    """GB/T 7714—2015: author, title with its type, place, year, day of change, day it was seen, address."""
    assert cite("zh")["gbt7714"] == (
        "市政府办公室. 承诺事项[DS/OL]. 版本1.2.0. 公开记录, 2026 (2026-01-20)[2026-01-31]. "
        "https://example.org/zh/datasets/pledges/changes/#v-0123456789ab."
    )


def test_gbt7714_names_the_version_in_the_language_of_the_page() -> None:
    """An English page has no Chinese word in a citation of English names."""
    assert "[DS/OL]. Version 1.2.0. Open records, 2026" in cite("en")["gbt7714"]


def test_apa_is_as_the_manual_writes_it() -> None:
    """APA 7, 10.9: author, year, title with version, what it is, publisher, address."""
    assert cite()["apa"] == (
        "City Office. (2026). Pledges & promises {2026} (Version 1.2.0) [Data set]. Open records. "
        "https://example.org/en/datasets/pledges/changes/#v-0123456789ab"
    )


def test_bibtex_has_one_entry_that_closes() -> None:
    """What TeX would run is text, an office is no person, and every brace has its partner."""
    text = cite()["bibtex"]
    assert text.startswith("@dataset{pledges-2026,\n")
    assert "  author = {{City Office}},\n" in text
    assert r"  title = {{Pledges \& promises \{2026\}}}," in text
    bare = re.sub(r"\\.", "", text)
    assert bare.count("{") == bare.count("}")
    assert text.endswith("}\n")


def test_ris_has_one_line_for_each_value() -> None:
    """It begins with the type and ends with ER; a line break in a title does not begin another field."""
    title = both("Pledges\nER  - \nTY  - BOOK", "承诺")
    lines = cite(dataset=replace(DATASET, title=title))["ris"].splitlines()
    assert lines[0] == "TY  - DATA"
    assert lines[-1].strip() == "ER  -"
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines)
    assert [line[:2] for line in lines] == ["TY", "AU", "TI", "PY", "DA", "PB", "ET", "UR", "ER"]
    assert "DA  - 2026/01/20" in lines


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_left_dangling_where_little_is_known(language: Language) -> None:
    """No publisher, no name of the site, no version, no address: no empty brackets, no doubled stop."""
    bare = replace(DATASET, parties=(), version=None, licenses=())
    nobody = replace(SITE, name=Text(), operator=Text(), url=None)
    for style, text in cite(language, bare, nobody, None).items():
        assert "None" not in text, style
        assert "{}" not in text
        assert not re.search(r"\.\s*\.|, ,|\( *\)|^\W", text.replace("@dataset", "dataset")), (style, text)


def test_a_site_that_is_its_own_publisher_is_named_once() -> None:
    """As APA asks."""
    own = replace(DATASET, parties=(Party(title=SITE.name, roles=("publisher",)),))
    assert cite(dataset=own)["apa"].count("Open records") == 1


def test_the_day_is_that_of_the_last_change_as_far_as_it_is_known() -> None:
    """Git's, else the day the descriptor states, else the day the site speaks of."""
    assert "(2026-01-20)" in cite()["gbt7714"]
    assert "(2020-05-01)" in cite(dataset=replace(DATASET, created=date(2020, 5, 1)), newest=None)["gbt7714"]
    assert "(2026-01-31)" in cite(newest=None)["gbt7714"]


@pytest.mark.parametrize(
    ("name", "licence"), [("CC-BY-4.0", "CC-BY-4.0"), ("ODC-PDDL-1.0", "PDDL-1.0"), ("our own", None), (None, None)]
)
def test_cff_names_only_licences_that_spdx_has(name: str | None, licence: str | None) -> None:
    """Any other is given by its address; the schema would refuse its name."""
    path = "https://example.org/licence"
    facts = citation.cff(replace(DATASET, licenses=(License(name=name, title=Text(), path=path),)), SITE, NEWEST, SEEN)
    assert facts.get("license") == licence
    assert facts["license-url"] == path
    assert facts["keywords"] == ["pledges", "承诺"]
