"""How to cite a dataset, in the forms readers need."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from gazette.model import Dataset, Language, Site, Version

STYLES = ("gbt7714", "apa", "bibtex", "ris")
"""GB/T 7714—2015 (4.6, electronic resources), APA 7 (10.9, data sets), BibTeX, and RIS."""

_SPDX = {name: name for name in ("CC0-1.0", "CC-BY-4.0", "CC-BY-3.0", "CC-BY-SA-4.0", "ODbL-1.0", "ODC-By-1.0")}
_SPDX |= {"ODC-PDDL-1.0": "PDDL-1.0", "ODC-BY-1.0": "ODC-By-1.0", "PDDL-1.0": "PDDL-1.0", "ODC-ODbL-1.0": "ODbL-1.0"}
"""Licences of open data by the names of the Open Definition and of SPDX, which alone CFF takes."""


def cite(dataset: Dataset, site: Site, language: Language, newest: Version | None, as_of: date) -> Mapping[str, str]:
    """The citation of ``dataset`` in every style, in ``language``.

    ``newest`` is its newest version, at whose address what is cited stays to be had; ``as_of`` is the day the site
    speaks of: who cites a static page saw what was true then.
    """
    facts = _Facts(dataset, site, language, newest, as_of)
    return {
        "gbt7714": facts.gbt7714(),
        "apa": facts.apa(),
        "bibtex": facts.bibtex(),
        "ris": facts.ris(),
    }


def cff(dataset: Dataset, site: Site, newest: Version | None, as_of: date) -> Mapping[str, object]:
    """The citation as the Citation File Format 1.2.0 wants it."""
    language = dataset.languages[0]
    facts = _Facts(dataset, site, language, newest, as_of)
    known = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": facts.title,
        "authors": [{"name": facts.author or facts.site or facts.name}],
        "version": dataset.version,
        "date-released": facts.day.isoformat(),
        "url": facts.address,
        "license": next((_SPDX[each.name] for each in dataset.licenses if each.name in _SPDX), None),
        "license-url": next((each.path for each in dataset.licenses if each.path), None),
        "keywords": list(dict.fromkeys(dataset.keywords)),
    }
    return {name: value for name, value in known.items() if value}


class _Facts:
    """What every style states."""

    def __init__(self, dataset: Dataset, site: Site, language: Language, newest: Version | None, as_of: date) -> None:
        nearest = dataset.title.nearest(language)
        party = dataset.publisher.title.nearest(language) if dataset.publisher else site.operator.nearest(language)
        name = site.name.nearest(language)
        self.name, self.version, self.seen = dataset.name, dataset.version, as_of
        self.day = newest.published if newest else dataset.created or as_of
        self.language = language
        self.title = nearest[1] if nearest else dataset.name
        self.author = party[1] if party else ""
        self.site = name[1] if name else ""
        place = f"changes/#v-{newest.commit[:12]}" if newest else ""
        self.address = f"{site.url}{language}/datasets/{dataset.name}/{place}" if site.url else ""

    def gbt7714(self) -> str:
        label = "版本" if self.language == "zh" else "Version "
        version = f"{label}{self.version}. " if self.version else ""
        author = f"{self.author}. " if self.author else ""
        site = f"{self.site}, " if self.site else ""
        address = f". {self.address}" if self.address else ""
        return f"{author}{self.title}[DS/OL]. {version}{site}{self.day.year} ({self.day})[{self.seen}]{address}."

    def apa(self) -> str:
        version = f" (Version {self.version})" if self.version else ""
        publisher = f" {self.site}." if self.site not in {"", self.author} else ""
        address = f" {self.address}" if self.address else ""
        title = f"{self.title}{version} [Data set]"
        # Where nobody is named, the title takes the author's place (APA 7, 9.12).
        start = f"{self.author}. ({self.day.year}). {title}." if self.author else f"{title}. ({self.day.year})."
        return f"{start}{publisher}{address}"

    def bibtex(self) -> str:
        fields = {
            # In braces of its own, or BibTeX takes an office for a person and turns its name around.
            "author": self.author and f"{{{_tex(self.author)}}}",
            "title": f"{{{_tex(self.title)}}}",
            "year": str(self.day.year),
            "publisher": _tex(self.site),
            "version": self.version and _tex(self.version),
            "url": self.address,
            "urldate": self.seen.isoformat(),
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        return f"@dataset{{{self.name}-{self.day.year},\n{lines}}}\n"

    def ris(self) -> str:
        lines = (
            ("TY", "DATA"),
            ("AU", self.author),
            ("TI", self.title),
            ("PY", str(self.day.year)),
            ("DA", f"{self.day:%Y/%m/%d}"),
            ("PB", self.site),
            ("ET", self.version),
            ("UR", self.address),
        )
        # A value of RIS is one line.
        return "".join(f"{tag}  - {' '.join(value.split())}\n" for tag, value in lines if value) + "ER  - \n"


def _tex(text: str) -> str:
    """``text`` without what TeX would read as a command."""
    marks = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    marks |= {mark: f"\\{mark}" for mark in "&%$#_"}
    return "".join(marks.get(character, character) for character in text)
