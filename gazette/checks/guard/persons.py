"""Lists of persons, and rows that single one out: what no value alone gives away.

A table is looked at more closely only where its headers give cause. Named lists of poor, ill, pregnant or disabled
people, published as tables by offices, were the leaks of 2017 to 2019 that made the State Council ask for data
without identities (2018 work priorities for open government, section 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gazette import tables
from gazette.checks.guard import search
from gazette.checks.schema import columns
from gazette.model import Fact, Field, Finding, Slice, Text

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

FEW = 3
"""A count below this, of persons of one sex, age and place, is one or two persons (threshold of three)."""

_NAMES = {True: 0.4, False: 0.8}
"""Share of the cells of a column that must have the form of a personal name: where its header says so, and else."""

_ENOUGH = 3

_PRIVATE = re.compile(
    r"病(?:种|历|情|名|人)|疾病|诊断|患者|残疾|残障|孕(?:检|妇|产|周)|精神障碍|艾滋"
    r"|低保|特困|贫困|困难(?:家庭|群众|学生|类型)|救助|公租房|廉租|保障对象|补助对象"
    r"|身份证|证件号|手机号|宗教|信仰|社区矫正|前科|犯罪记录|吸毒|戒毒|监护人|家庭住址|户籍地址|现住址|班级|年级"
    r"|\b(?:disease|diagnos[ei]s|patient|disabilit(?:y|ies)|pregnan(?:t|cy)|religion|poverty|low[ -]income"
    r"|subsist\w*|guardian|home address|school class|criminal record)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"姓名|名字|户主|\b(?:full|given|family|first|last) name\b|\bsurname\b", re.IGNORECASE)
_TRAITS = {
    "birth": re.compile(r"出生|年龄|\bbirth|\bage\b|\bdob\b", re.IGNORECASE),
    "sex": re.compile(r"性别|\bsex\b|\bgender\b", re.IGNORECASE),
    "place": re.compile(
        r"街道|社区|居委会|村委会|邮编|邮政编码|住址|\bstreet|\bpost ?code|\bneighbou?rhood", re.IGNORECASE
    ),
    "people": re.compile(r"民族|国籍|\bethnic|\bnationality\b", re.IGNORECASE),
    "schooling": re.compile(r"学历|文化程度|\beducation level", re.IGNORECASE),
    "work": re.compile(r"职业|\boccupation\b", re.IGNORECASE),
    "marriage": re.compile(r"婚姻|\bmarital", re.IGNORECASE),
}
"""What many know of a neighbour, and what together tells one person from all others."""
_ANY_TRAIT = re.compile("|".join(words.pattern for words in _TRAITS.values()), re.IGNORECASE)
_COUNT = re.compile(
    r"人数|人口数|人次|例数|户数|\b(?:persons|people|residents|patients|cases|households|count)\b", re.IGNORECASE
)
_MICRODATA = 3

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
    "韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文"
)
_NAME_FORM = f"^(?:[{_SURNAMES}]|欧阳|上官|司马|诸葛|司徒)[\u4e00-\u9fff*＊×某]{{1,2}}$"
_PLACE_FORM = "[省市区县镇乡村街路道局委办院校所站厅部处科组社团馆店厂园山河湖桥]$"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """The columns of a table by what their headers say."""

    names: tuple[str, ...] = ()
    announced: tuple[bool, ...] = ()
    """Whether the header of each says that it holds names."""
    private: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    microdata: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What was seen in one slice: cells with a name per column, and what tells rows about people apart."""

    rows: int
    plan: _Plan
    filled: tuple[int, ...] = ()
    """Cells with a text, per column that could hold names."""
    named: tuple[int, ...] = ()
    combinations: Array | None = None
    few: tuple[tuple[int, ...], ...] = ()
    """Rows, from 0, with one or two persons, per column of counts."""


def look(table: pa.Table, piece: Slice) -> Sight:
    """What there is to see of persons in one slice of a table."""
    plan = _plan(table.column_names, piece)
    named = [_named(table[name]) for name in plan.names]
    combinations = None
    if plan.microdata:
        cells = [pc.fill_null(table[name], "") for name in plan.traits]
        joined = pc.binary_join_element_wise(*cells, "\x1f")
        prints = [columns.hashed(chunk) for chunk in pa.chunked_array(joined).chunks]
        combinations = np.concatenate([np.zeros(0, np.uint64), *prints])
    return Sight(
        rows=table.num_rows,
        plan=plan,
        filled=tuple(filled for filled, _ in named),
        named=tuple(found for _, found in named),
        combinations=combinations,
        few=tuple(_few(table[name]) for name in plan.counts),
    )


def settle(parts: Iterable[tuple[Slice, Sight]]) -> tuple[Finding, ...]:
    """The findings on a table from all its slices in their order."""
    seen = list(parts)
    if not seen:
        return ()
    piece, sights = seen[0][0], [sight for _, sight in seen]
    plan = sights[0].plan
    return (*_lists(piece, plan, sights), *_singled(piece, plan, sights), *_small(piece, plan, sights))


def _plan(labels: Sequence[str], piece: Slice) -> _Plan:
    fields = {each.name: each for each in piece.resource.schema.fields} if piece.resource.schema else {}
    said = {
        name: search.context_of(fields[name] if name in fields else replace(_UNDESCRIBED, name=name)).header
        for name in labels
    }
    private = tuple(name for name in labels if _PRIVATE.search(said[name]))
    traits: dict[str, str] = {}
    for name in filter(lambda name: _ANY_TRAIT.search(said[name]), labels):
        for trait, words in _TRAITS.items():
            if words.search(said[name]) and not _COUNT.search(said[name]):
                traits.setdefault(trait, name)
    counts = tuple(name for name in labels if _COUNT.search(said[name]) and _is_count(fields.get(name)))
    names = tuple(name for name in labels if name not in private) if private else ()
    return _Plan(
        names=names,
        announced=tuple(bool(_NAME.search(said[name])) for name in names),
        private=private,
        traits=tuple(traits.values()),
        counts=counts if len(traits) > 1 else (),
        microdata="birth" in traits and len(traits) >= _MICRODATA and not counts,
    )


_UNDESCRIBED = Field(name="", type="any", format="default", title=Text(), description=Text(), constraints={})


def _is_count(described: Field | None) -> bool:
    return described is None or described.type == "integer"


def _named(values: pa.ChunkedArray) -> tuple[int, int]:
    """How many cells hold a text, and how many of them one of the form of a personal name."""
    filled = values.filter(pc.greater(pc.binary_length(pc.fill_null(values, "")), 0))
    named = filled.filter(pc.match_substring_regex(filled, _NAME_FORM))
    places = pc.sum(pc.match_substring_regex(named, _PLACE_FORM)).as_py() or 0
    return len(filled), len(named) - places


def _few(values: pa.ChunkedArray) -> tuple[int, ...]:
    wanted = tables.texts([str(number) for number in range(1, FEW)])
    return tuple(pc.indices_nonzero(pc.is_in(values, value_set=wanted)).to_pylist())


# --- findings ---------------------------------------------------------------------------------------------


def _lists(piece: Slice, plan: _Plan, sights: Sequence[Sight]) -> Iterator[Finding]:
    for number, name in enumerate(plan.names):
        filled = sum(sight.filled[number] for sight in sights)
        named = sum(sight.named[number] for sight in sights)
        if filled >= _ENOUGH and named >= filled * _NAMES[plan.announced[number]]:
            facts: dict[str, Fact] = {"hits": named, "fields": list(plan.private)}
            yield replace(_blank(piece, "personal-list"), field=name, facts=facts)


def _singled(piece: Slice, plan: _Plan, sights: Sequence[Sight]) -> Iterator[Finding]:
    found = [sight.combinations for sight in sights if sight.combinations is not None]
    if not plan.microdata or not found:
        return
    every = np.concatenate(found)
    _, first, sizes = np.unique(every, return_index=True, return_counts=True)
    rows = np.sort(first[sizes == 1])
    if len(rows):
        facts: dict[str, Fact] = {"hits": len(rows), "rows": len(every), "fields": list(plan.traits), "smallest": 1}
        finding = _blank(piece, "personal-unique")
        yield replace(finding, severity="warning", row=int(rows[0]) + 2, field=plan.traits[0], facts=facts)


def _small(piece: Slice, plan: _Plan, sights: Sequence[Sight]) -> Iterator[Finding]:
    for number, name in enumerate(plan.counts):
        before, rows = 0, []
        for sight in sights:
            rows += [row + before for row in sight.few[number]]
            before += sight.rows
        if rows:
            facts: dict[str, Fact] = {"hits": len(rows), "fields": list(plan.traits), "threshold": FEW}
            finding = _blank(piece, "personal-small-count")
            yield replace(finding, severity="warning", row=rows[0] + 2, field=name, facts=facts)


def _blank(piece: Slice, code: str) -> Finding:
    path = f"{piece.dataset.folder}/{piece.resource.paths[0]}".removeprefix("/") if piece.resource.paths else None
    return Finding(
        code=code,
        severity="error",
        source="gazette",
        dataset=piece.dataset.name,
        path=None if path is None or search.scan(path) else path,
        resource=piece.resource.name,
    )
