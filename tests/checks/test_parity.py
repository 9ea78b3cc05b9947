"""English parity: what is compared, what is found, and how it is counted."""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gazette.settings
from gazette import checks, history, tables, words
from gazette.checks import parity
from gazette.checks.parity import compare, quotations, sight, stale, terms, texts, verdict
from gazette.model import (
    Category,
    Coverage,
    Dataset,
    Evidence,
    Field,
    Finding,
    License,
    Policy,
    Resource,
    Schema,
    Slice,
    Text,
    Translation,
)

STRICT = gazette.settings.POLICIES["strict"]
OPEN = gazette.settings.POLICIES["open"]
EDITOR = (Translation(language="en", origin="editor"),)


def both(en: str, zh: str) -> Text:
    return Text(values=(("en", en), ("zh", zh)))


def field(name: str, **own: Any) -> Field:
    """A column of texts; ``own`` is what it says under ``gazette``."""
    node = {"name": name, "type": "string", "gazette": own} if own else {"name": name, "type": "string"}
    return Field(
        name=name,
        type="string",
        format="default",
        title=both("Column", "数据列"),
        description=Text(),
        constraints={},
        descriptor=node,
    )


def dataset(*fields: Field, name: str = "notices", kind: str | None = None, **more: Any) -> Dataset:
    """A dataset with one table of ``fields``; ``more`` are further properties."""
    node = {"fields": [{"name": each.name, "type": each.type} for each in fields]}
    schema = Schema(fields=fields, descriptor=node, primary_key=(fields[0].name,) if fields else ())
    table = Resource(
        name="rows",
        slug="rows",
        dataset=name,
        title=both("Notices", "公告"),
        description=Text(),
        paths=("rows.csv",),
        pointer="/resources/0",
        schema=schema,
        translations=more.get("translations", EDITOR),
    )
    stated = {"languages": ("en", "zh"), "translations": EDITOR, "title": both("Notices", "公告"), **more}
    stated = {"description": both("What was posted.", "已张贴的内容。"), **stated}
    return Dataset(
        name=name,
        folder=name,
        path=f"{name}/datapackage.yaml",
        resources=(table,) if fields else (),
        kind=kind,
        **stated,
    )


def written(folder: Path, of: Dataset, rows: Sequence[Sequence[str]], others: Sequence[Dataset] = ()) -> Slice:
    """The table of a dataset on the disk."""
    text = io.StringIO(newline="")
    table = of.resources[0]
    assert table.schema is not None
    csv.writer(text, lineterminator="\n").writerows([[each.name for each in table.schema.fields], *rows])
    (folder / of.folder).mkdir(parents=True, exist_ok=True)
    (folder / of.folder / "rows.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
    return Slice(root=folder, dataset=of, resource=table, others=tuple(others))


def judged(
    pieces: Sequence[Slice],
    policy: Policy = STRICT,
    contents: stale.Contents | None = None,
) -> tuple[tuple[Finding, ...], tuple[Coverage, ...]]:
    """What is said of the tables of ``pieces``."""
    evidence = []
    for piece in pieces:
        table = tables.read(piece)
        seen = parity.settle([parity.look(table, piece)])
        evidence.append(
            Evidence(
                dataset=piece.dataset.name, resource=piece.resource.name, rows=table.num_rows, findings=(), texts=seen
            )
        )
    datasets = [*dict.fromkeys(piece.dataset.name for piece in pieces)]
    known = {piece.dataset.name: piece.dataset for piece in pieces}
    return parity.judge([known[name] for name in datasets], evidence, policy, contents or {})


PAIR = (field("id"), field("note_zh"), field("note_en"))


def found(folder: Path, zh: str, en: str, **own: Any) -> list[tuple[str, object]]:
    """Codes and variants of what is found in one row."""
    piece = written(folder, dataset(field("id"), field("note_zh", **own), field("note_en")), [["a", zh, en]])
    return [(each.code, each.facts.get("variant")) for each in judged([piece])[0]]


# --- one pair of texts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zh", "en", "expected"),
    [
        ("已公开", "Disclosed", []),
        ("", "", []),
        ("已公开", "", [("translation-blank", "en")]),
        ("", "Disclosed", [("translation-blank", "zh")]),
        ("已公开", "   ", [("translation-blank", "en")]),
        ("已公开", "已公开", [("translation-identical", "en")]),
        ("Disclosed in full", "Disclosed in full", [("translation-identical", "zh")]),
        ("Disclosed", "Disclosed", [("translation-identical", "zh")]),
        ("2025-03", "2025-03", []),
        ("CC-BY-4.0", "CC-BY-4.0", []),
        ("https://example.org/a", "https://example.org/a", []),
        ("GB 32100", "GB 32100", []),
        ("km", "km", []),
        ("宿迁市", "Suqian 宿迁", [("translation-script", "han")]),
        ("宿迁市", "Suqian (宿迁)", []),
        ("宿迁市", "‘宿迁’, as the source has it", []),
        ("宿迁市", "“宿迁市”", [("translation-script", "han")]),
        ("Posted on the board", "Posted on the door", [("translation-script", "latin")]),
        ("Excel", "Microsoft Excel", []),
        ("已公開", "Disclosed", [("translation-script", "hant")]),
        ("来源作“已公開”。", "The source has the Traditional form.", []),
        ("见《政府信息公開條例》", "See the regulation.", []),
        ("已公开,见附件", "Disclosed, see annex", [("translation-typography", "zh")]),
        ("已公开(部分)内容", "Disclosed in part", [("translation-typography", "zh")]),
        ("来源作“各区、县(市)政府”。", "As in the source.", []),
        ("见 https://example.org/a,b 页", "See the page", []),
        ("已公开", "Disclosed，in part", [("translation-typography", "en")]),
        ("已公开", "Disclosed “（部分）”", []),
    ],
)
def test_a_pair_of_texts(zh: str, en: str, expected: list[tuple[str, str]], tmp_path: Path) -> None:
    """Names and quotations may stand in quotation marks and brackets; codes are the same in every language."""
    assert found(tmp_path, zh, en) == expected


def test_a_column_declared_traditional_is_held_to_that_script(tmp_path: Path) -> None:
    """And nothing is said of Traditional characters in it."""
    assert found(tmp_path, "已公開", "Disclosed", language="zh-Hant") == []
    assert found(tmp_path, "已公开", "Disclosed", language="zh-Hant") == [("translation-script", "hans")]


def test_a_fault_is_found_at_its_row_line_and_column(tmp_path: Path) -> None:
    """As an editor sees it; a quoted line break moves the line."""
    piece = written(tmp_path, dataset(*PAIR), [["a", "第一\n行", "First"], ["b", "第二行", ""]])
    ((finding,), _) = judged([piece])
    assert (finding.row, finding.line, finding.column, finding.field) == (3, 4, 3, "note_en")
    assert (finding.path, finding.resource, finding.severity) == ("notices/rows.csv", "rows", "warning")


def test_many_faults_of_one_kind_in_a_column_are_one_finding(tmp_path: Path) -> None:
    """With their exact number."""
    piece = written(tmp_path, dataset(*PAIR), [[str(number), "已公开", ""] for number in range(25)])
    ((finding,), (english, chinese)) = judged([piece])
    assert (finding.row, finding.count, finding.facts["hits"]) == (2, 25, 25)
    assert (english.missing, chinese.missing) == (25, 0)
    assert str(finding.facts["hits"]) in words.message(finding, "zh").what


def test_a_chinese_column_without_english_is_found_once(tmp_path: Path) -> None:
    """At its place in the descriptor; an English column by itself (a second rendering) is nothing to translate."""
    of = dataset(field("id"), field("note_zh"), field("also_en"))
    ((finding,), (english, _)) = judged([written(tmp_path, of, [["a", "甲", "x"], ["b", "乙", ""]])])
    assert (finding.code, finding.pointer) == ("translation-column", "/resources/0/schema/fields/1")
    assert (english.missing, english.in_rows) == (2, 2)
    of = dataset(field("id"), field("note_zh", language="zh"), field("also_en"))
    assert judged([written(tmp_path, of, [["a", "甲", "x"]])])[0] == ()


def test_only_texts_are_pairs(tmp_path: Path) -> None:
    """A number has no language, and a name of the ending alone is none."""
    numbers = replace(field("share_zh"), type="number")
    of = dataset(field("id"), numbers, field("_en"), field("quote_source"))
    assert list(texts.pairs(of.resources[0], ["id", "share_zh", "_en", "quote_source"])) == []


def test_what_the_schema_calls_missing_is_no_text(tmp_path: Path) -> None:
    """Such a cell is blank."""
    of = dataset(*PAIR)
    table = of.resources[0]
    assert table.schema is not None
    schema = replace(table.schema, missing_values=("", "-"))
    of = replace(of, resources=(replace(table, schema=schema),))
    ((finding,), _) = judged([written(tmp_path, of, [["a", "甲", "-"], ["b", "-", "-"]])])
    assert (finding.code, finding.row) == ("translation-blank", 2)


# --- length -----------------------------------------------------------------------------------------------

SENTENCE = (
    "本单位每周一至周五上午九时至下午五时向公众开放，节假日除外。",
    "The unit is open to the public from Monday to Friday, nine to five, except on public holidays.",
)


def _corpus(number: int = 40) -> list[list[str]]:
    return [[f"r{each:02}", SENTENCE[0], SENTENCE[1] + "." * (each % 7)] for each in range(number)]


def test_a_text_much_shorter_than_usual_is_doubted(tmp_path: Path) -> None:
    """With its length in percent of the usual one, and the language it is short in."""
    rows = [*_corpus(), ["x", SENTENCE[0], "Open on weekdays."], ["y", SENTENCE[0], SENTENCE[1] * 3]]
    findings, (english, chinese) = judged([written(tmp_path, dataset(*PAIR), rows)])
    assert [(each.code, each.row, each.field, each.facts["variant"]) for each in findings] == [
        ("translation-abridged", 42, "note_en", "en"),
        ("translation-abridged", 43, "note_zh", "zh"),
    ]
    assert 10 < int(str(findings[0].facts["percent"])) < 25
    assert (english.abridged, chinese.abridged) == (1, 1)


def test_how_much_is_doubted_is_a_matter_of_policy(tmp_path: Path) -> None:
    """A wide band doubts nothing."""
    rows = [*_corpus(), ["x", SENTENCE[0], "Open on weekdays."]]
    piece = written(tmp_path, dataset(*PAIR), rows)
    assert judged([piece], replace(STRICT, abridged=1000))[0] == ()


def test_a_small_site_has_no_usual_length(tmp_path: Path) -> None:
    """Of a few texts nobody can say which is unusual; nor of labels."""
    assert judged([written(tmp_path, dataset(*PAIR), [*_corpus(20), ["x", SENTENCE[0], "Open."]])])[0] == ()
    assert judged([written(tmp_path, dataset(*PAIR), [*_corpus(), ["x", "负责单位名称", "U"]])])[0] == ()


# --- glossary ---------------------------------------------------------------------------------------------

TERMS = [["政府信息公开", "open government information", "disclosure of government information"],
         ["信息公开", "freedom of information", ""],
         ["信用修复", "credit repair", ""],
         ["公示", "public notice", ""]]  # fmt: skip


def glossary(folder: Path, rows: Sequence[Sequence[str]] = TERMS, *columns: str) -> Slice:
    of = dataset(
        field("term_zh"), field("term_en"), field("also_en"), *map(field, columns), name="glossary", kind="glossary"
    )
    return written(folder, of, rows)


def departures(folder: Path, zh: str, en: str, rows: Sequence[Sequence[str]] = TERMS, *columns: str) -> list[object]:
    """The terms a text departs from."""
    piece = glossary(folder, rows, *columns)
    notices = written(folder, dataset(*PAIR), [["a", zh, en]], [piece.dataset])
    return [each.facts["term"] for each in judged([piece, notices])[0] if each.code == "translation-term"]


@pytest.mark.parametrize(
    ("zh", "en", "expected"),
    [
        ("信用修复申请", "Application for credit repair", []),
        ("信用修复申请", "Repairing one’s credit", []),
        ("信用修复申请", "Application for rehabilitation", ["信用修复"]),
        ("政府信息公开", "Disclosing government information", []),
        ("政府信息公开", "Freedom of records", ["政府信息公开"]),
        ("“信用修复”一词", "The word", []),
        ("公示", "Publication", []),
        ("开展信用修复的单位负责人及其联系方式", "Who is in charge", []),
        ("为规范信用修复活动，维护各方合法权益，根据有关法律法规，制定本办法。", "Article 1", ["信用修复"]),
    ],
)  # fmt: skip
def test_a_text_keeps_to_the_glossary(zh: str, en: str, expected: list[str], tmp_path: Path) -> None:
    """The longest term counts, in any form of its words; a label may leave out what its heading says."""
    assert departures(tmp_path, zh, en) == expected


def test_a_glossary_can_say_which_terms_bind(tmp_path: Path) -> None:
    """Then short ones may, and long ones need not."""
    rows = [["公示", "public notice", "", "true"], ["信用修复", "credit repair", "", "false"]]
    assert departures(tmp_path, "公示", "Publication", rows, "binding") == ["公示"]
    assert departures(tmp_path, "信用修复", "Rehabilitation", rows, "binding") == []


def test_a_term_that_binds_wants_every_word(tmp_path: Path) -> None:
    """公示 is a notice for objections, not publication."""
    rows = [["公示", "public notice", "", "true"]]
    assert departures(tmp_path, "公示", "Notice to the public", rows, "binding") == []
    assert departures(tmp_path, "公示", "Public", rows, "binding") == ["公示"]


def test_a_glossary_that_cannot_be_read_has_no_terms(tmp_path: Path) -> None:
    """Its own findings say why."""
    piece = glossary(tmp_path)
    tables.location(piece).write_bytes(b"\xff\xfe\x00")
    assert terms.read(tmp_path, [piece.dataset]).terms == ()


def test_every_table_knows_the_glossary(tmp_path: Path) -> None:
    """Wherever it is judged."""
    piece = glossary(tmp_path)
    notices = written(tmp_path, dataset(*PAIR), [["a", "甲", "A"]])
    from gazette.model import Snapshot

    cut = tables.cut((piece.dataset, notices.dataset), Snapshot(root=tmp_path, source=tmp_path, files=()))
    assert [[other.name for other in each.others] for each in cut] == [[], ["glossary"]]


# --- descriptors ------------------------------------------------------------------------------------------


def test_every_text_of_a_descriptor_is_a_place() -> None:
    """Package, contributor, source, licence, table, field, unit, category, waiver."""
    own = {
        "unit": "days",
        "unit_zh": "天",
        "rules": [{"rule": "complete", "unit": "f"}],
        "allow": [{"reason": "For editors."}],
    }
    fields = (replace(field("id", **own), categories=(Category(value="a", label=both("A", "甲类")),)),)
    of = dataset(
        *fields,
        licenses=(License(name=None, title=both("Licence", "许可")), License(name="CC0-1.0", title=Text())),
        descriptor={"gazette": {"waivers": [{"reason": "Known.", "reason_zh": "已知。", "owner": "Office"}]}},
    )
    assert [place.pointer for place in texts.places(of)] == [
        "/title", "/description", "/licenses/0/title", "/gazette/waivers/0/reason", "/gazette/waivers/0/owner",
        "/resources/0/title", "/resources/0/schema/fields/0/title", "/resources/0/schema/fields/0/gazette/unit",
        "/resources/0/schema/fields/0/categories/0/label",
    ]  # fmt: skip


def test_a_missing_text_of_a_descriptor_is_an_error_where_translations_are_required() -> None:
    """Elsewhere it is counted."""
    of = dataset(description=Text(values=(("en", "English alone."),)))
    findings, (_, chinese) = parity.judge([of], [], STRICT, {})
    assert [(each.code, each.severity, each.pointer) for each in findings] == [
        ("translation-missing", "error", "/description")
    ]
    assert parity.judge([of], [], OPEN, {})[0] == ()
    assert (chinese.texts, chinese.missing, chinese.complete) == (2, 1, 1)


def test_a_text_in_a_third_language_is_missing_in_both() -> None:
    """It is a text all the same."""
    of = dataset(title=Text(values=(("fr", "Avis"),)), description=Text(), languages=("fr",), translations=())
    _, (english, chinese) = parity.judge([of], [], OPEN, {})
    assert (english.texts, english.missing, chinese.missing) == (1, 1, 1)
    assert (english.origin, chinese.origin) == (None, None)


# --- stale translations -----------------------------------------------------------------------------------


def _states(*rows: Sequence[Sequence[str]]) -> list[tuple[date | None, bytes]]:
    days = [*(date(2026, 1, 1 + number) for number in range(len(rows) - 1)), None]
    table = ["id,note_zh,note_en\n" + "".join(",".join(row) + "\n" for row in each) for each in rows]
    return [(day, text.encode()) for day, text in zip(days, table, strict=True)]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([[["a", "甲", "A"]], [["a", "乙", "A"]]], [(2, None)]),
        ([[["a", "甲", "A"]], [["a", "乙", "A"]], [["a", "乙", "A"]]], [(2, date(2026, 1, 2))]),
        ([[["a", "甲", "A"]], [["a", "乙", "B"]]], []),
        ([[["a", "甲", "A"]], [["a", "乙", "A"]], [["a", "乙", "B"]]], []),
        ([[["a", "甲", "A"]], [["a", "乙", "A"]], [["a", "甲", "A"]]], []),
        ([[["a", "甲", "A"]], [["a", "甲。", "A"]]], []),
        ([[["a", "甲", ""]], [["a", "乙", ""]]], []),
        ([[["a", "甲", "A"]], [["b", "乙", "A"], ["a", "甲", "A"]]], []),
        ([[["a", "甲", "A"], ["b", "丙", "C"]], [["b", "丁", "C"], ["a", "甲", "A"]]], [(2, None)]),
        ([[["a", "甲", "A"]], [], [["a", "乙", "A"]]], [(2, None)]),
    ],
)
def test_a_translation_is_stale_while_it_translates_another_text(
    states: list[list[list[str]]], expected: list[tuple[int, date | None]]
) -> None:
    """Rows are known by their key; a mark more or less is no other text; who restores the Chinese mends it."""
    of = dataset(*PAIR)
    items = list(stale.find(of, {"notices/rows.csv": _states(*states)}))
    assert [(item.row, item.changed) for item in items] == expected


def test_former_contents_that_are_no_such_table_tell_nothing() -> None:
    """Other columns, no header, bytes that are no text."""
    of = dataset(*PAIR)
    for former in (b"", b"\xff\xfe", b"id,other\na,b\n", b"note_zh,note_en\nx,y\n", b"id,note_zh,note_en\na,b\n"):
        states = [(date(2026, 1, 1), former), (None, "id,note_zh,note_en\na,乙,A\n".encode())]
        assert list(stale.find(of, {"notices/rows.csv": states})) == []


YAML = """name: notices
languages: [en, zh]
title: Notices
title_zh: 公告
resources:
  - name: rows
    title: Notices
    title_zh: 公告
"""


@pytest.mark.parametrize(
    ("former", "expected"),
    [
        (YAML.replace("    title_zh: 公告", "    title_zh: 通知"), ["/resources/0/title"]),
        (YAML.replace("title_zh: 公告", "title_zh: 通知"), ["/title", "/resources/0/title"]),
        (YAML.replace("title: Notices\ntitle_zh: 公告", "title: Posts\ntitle_zh: 通知"), []),
        (
            YAML.replace("name: rows", "name: others")
            .replace("公告", "通知")
            .replace("title_zh: 通知", "title_zh: 公告", 1),
            [],
        ),
        ("title: [", []),
        (YAML + "version: 1\n", []),
    ],
)
def test_a_text_of_a_descriptor_is_known_by_the_names_around_it(former: str, expected: list[str]) -> None:
    """A table that is inserted before does not make others of its texts."""
    node = {
        "name": "notices",
        "languages": ["en", "zh"],
        "title": "Notices",
        "title_zh": "公告",
        "resources": [{"name": "rows", "title": "Notices", "title_zh": "公告"}],
    }
    of = dataset(*PAIR, descriptor=node)
    contents = {of.path: [(date(2026, 1, 1), former.encode()), (None, YAML.encode())]}
    assert [item.pointer for item in stale.find(of, contents)] == expected


def test_a_stale_translation_is_counted_as_nothing_else(tmp_path: Path) -> None:
    """Every text has one state."""
    of = dataset(*PAIR)
    piece = written(tmp_path, of, [["a", "乙", "A"], ["b", "丙", "丙"]])
    states = _states([["a", "甲", "A"], ["b", "丁", "丙"]], [["a", "乙", "A"], ["b", "丙", "丙"]])
    findings, (english, _) = judged([piece], contents={"notices/rows.csv": states})
    assert [(each.code, each.row) for each in findings] == [
        ("translation-identical", 3), ("translation-stale", 2), ("translation-stale", 3),
    ]  # fmt: skip
    assert (english.stale, english.identical, english.in_rows) == (2, 0, 2)


def test_git_tells_what_a_file_has_held(tmp_path: Path) -> None:
    """Oldest first, what is not committed last; nothing of a file that never changed, and nothing outside git."""
    folder, room = tmp_path / "data sets", tmp_path / "room"
    (folder / "notices").mkdir(parents=True)
    room.mkdir()

    def git(*arguments: str, day: str = "2026-01-01") -> None:
        environment = {
            "GIT_COMMITTER_DATE": f"{day}T00:00:00Z",
            "GIT_AUTHOR_DATE": f"{day}T00:00:00Z",
            "HOME": str(tmp_path),
        }
        person = ["-c", "user.name=Editor", "-c", "user.email=editor@example.org"]
        subprocess.run(
            ["git", *person, "-C", str(tmp_path), *arguments], check=True, capture_output=True, env=environment
        )

    def put(name: str, text: str) -> None:
        (folder / "notices" / name).write_text(text, encoding="utf-8")

    paths = ["notices/rows.csv", "notices/still.csv", "notices/名录.csv"]
    assert history.versions(folder, folder, paths) == {}
    git("init", "-q")
    for text, day in (("一", "2026-01-01"), ("二", "2026-01-02")):
        for name in ("rows.csv", "名录.csv"):
            put(name, text)
        put("still.csv", "same")
        git("add", ".")
        git("commit", "-qm", text, day=day)
    put("rows.csv", "三")
    versions = history.versions(folder, folder, paths)
    first, second = date(2026, 1, 1), date(2026, 1, 2)
    assert versions["notices/rows.csv"] == ((first, "一".encode()), (second, "二".encode()), (None, "三".encode()))
    assert versions["notices/名录.csv"] == ((first, "一".encode()), (second, "二".encode()))
    assert "notices/still.csv" not in versions


# --- coverage ---------------------------------------------------------------------------------------------


ZH = st.sampled_from(["", "已公开", "已公開", "Posted on it", "A1"])
EN = st.sampled_from(["", "已公开", "Posted on it", "A1", "x (是)"])


@given(st.lists(st.tuples(ZH, EN), max_size=30))
def test_every_text_has_exactly_one_state(pairs: list[tuple[str, str]]) -> None:
    """The states of a language add up to the texts, whatever the texts are."""
    zh, en = (tables.texts([pair[place] for pair in pairs]) for place in (0, 1))
    (traces,) = compare.compare([compare.Columns(zh=zh, en=en)], terms.Glossary())
    total = sum(1 for pair in pairs if any(pair))
    assert traces.get(("texts", ""), compare.Trace()).count == total
    text = verdict._Text(dataset=dataset(), traces=traces)
    (english, chinese) = verdict._coverage([text.dataset], [text], [], verdict._Usual())
    for row in (english, chinese):
        states = (row.complete, row.abridged, row.identical, row.foreign, row.stale, row.missing)
        assert sum(states) == row.texts == total
        assert min(states) >= 0


@pytest.mark.parametrize(
    ("languages", "own", "table", "expected"),
    [
        (("en", "zh"), EDITOR, EDITOR, ("editor", "original")),
        (("en", "zh"), (), (), ("unstated", "unstated")),
        (("zh",), (), (), (None, "original")),
        (("en", "zh"), EDITOR, (Translation(language="en", origin="machine"),), ("machine", "original")),
    ],
)
def test_the_origin_of_a_text(
    languages: tuple[str, ...],
    own: tuple[Translation, ...],
    table: tuple[Translation, ...],
    expected: tuple[str | None, str],
) -> None:
    """What nobody stated is called unstated; a dataset in one language is an original."""
    of = dataset(*PAIR, languages=languages, translations=own)
    of = replace(of, resources=(replace(of.resources[0], translations=table),))
    if languages == ("zh",):
        chinese = Text(values=(("zh", "公告"),))
        of = replace(of, title=chinese, description=chinese, resources=())
    _, rows = parity.judge([of], [], OPEN, {})
    assert tuple(row.origin for row in rows) == expected


def test_tables_of_different_origin_are_mixed() -> None:
    """Nobody is given credit for another’s work."""
    of = dataset(*PAIR)
    machine = replace(of.resources[0], name="more", translations=(Translation(language="en", origin="machine"),))
    _, (english, chinese) = parity.judge([replace(of, resources=(*of.resources, machine))], [], OPEN, {})
    assert (english.origin, chinese.origin) == ("mixed", "original")


def test_a_large_table_says_the_same_as_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However it is cut: in one piece, compared where it is read, or in slices."""
    rows = [
        [str(number), "已公开" if number % 3 else "已公開", "" if number % 5 == 0 else "Disclosed"]
        for number in range(60)
    ]
    piece = written(tmp_path, dataset(*PAIR), rows)
    whole = judged([piece])
    monkeypatch.setattr(sight, "SMALL", 0)
    assert judged([piece]) == whole
    monkeypatch.setattr(tables, "SLICE", 200)
    pieces = list(tables.divide(piece))
    assert len(pieces) > 3
    seen = parity.settle([parity.look(tables.read(each), each) for each in pieces])
    evidence = Evidence(dataset="notices", resource="rows", rows=60, findings=(), texts=seen)
    assert parity.judge([piece.dataset], [evidence], STRICT, {}) == whole


def test_settle_reports_and_counts(tmp_path: Path) -> None:
    """The findings stand in the report, and the coverage beside them."""
    piece = written(tmp_path, dataset(*PAIR), [["a", "甲", ""]])
    report = checks.settle([piece.dataset], checks.inspect([piece]), [], STRICT, date(2026, 1, 1))
    assert [each.code for each in report.findings] == ["translation-blank"]
    assert [(row.language, row.missing) for row in report.coverage] == [("en", 1), ("zh", 0)]
    firm = replace(STRICT, severities={"translation-blank": "error"})
    assert checks.settle([piece.dataset], checks.inspect([piece]), [], firm, date(2026, 1, 1)).blocks


def test_watched_are_descriptors_and_tables_with_pairs_and_a_key() -> None:
    """Without a key nobody can say which row is which."""
    assert checks.watched([dataset(*PAIR)]) == ("notices/datapackage.yaml", "notices/rows.csv")
    assert checks.watched([dataset(field("id"))]) == ("notices/datapackage.yaml",)


@given(st.text(alphabet="甲a（）()“”《》[]〔〕 ", max_size=40))
def test_stripping_asides_ends_and_leaves_no_pair(text: str) -> None:
    """Brackets may be nested or never closed."""
    bare = quotations.bare(text)
    assert quotations.bare(bare) == bare
    assert len(bare) <= len(text)


def test_findings_quote_no_text_of_the_data(tmp_path: Path) -> None:
    """What a cell says may be private; the words and the counts are enough."""
    piece = written(
        tmp_path, dataset(*PAIR), [["a", "示例文本", ""], ["b", "示例文本", "示例文本"], ["c", "示例,文本", "X"]]
    )
    facts: list[Mapping[str, object]] = [each.facts for each in judged([piece])[0]]
    assert not [each for each in facts if "示例" in str(each)]
