"""Every rule as Markdown, for those who write descriptors."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from gazette.checks.rules import DOMAINS, KINDS, declarable, generic
from gazette.checks.rules.catalogue import Domain
from gazette.model import Rule, Text

_OPENING = """\
# Rules

What tables are held to beyond the form of their cells, and what each rule rests on. This page is generated from the
rules themselves: `python -m gazette.checks.rules > docs/rules.md`. The site lists them in both languages under *Rules*.

A rule looks at a table whose cells passed their own checks, at exact values: decimal numbers and dates. What is
blank is not stated and not judged, unless the rule says otherwise; what cannot be judged is reported as
`rule-unjudged`, never passed.

## In a descriptor

A resource says what it *is*, and which generic rules it keeps:

```yaml
resources:
  - name: requests
    gazette:
      kind: annual-report-requests
      rules:
        - {rule: sum-of-parts, total: answered, parts: [disclosed, partly_disclosed, refused]}
        - {rule: deadline, from: received_on, to: answered_on, working-days: 20}
```

A package says which breaches somebody answers for. They are published as warnings, with the reason beside them; a
waiver that has expired or covers nothing is an error. `rows` are primary keys (a list for a key of several fields);
without them every row of the table is covered.

```yaml
gazette:
  waivers:
    - rule: shares-complete
      resource: results
      rows: [[pudong-2006-score, q4, 2]]
      reason: The source prints 11.8 %.
      reason_zh: 来源所印为11.8%。
      owner: Site editors
      owner_zh: 站点编辑组
      expires: 2027-12-31
```

"""

_BASIS = """\
The basis of a rule is a *law*, a *form* (rules printed on an official form), a *source* (a document the data is taken
from), the *house* (this site's own sense of good data), or *unconfirmed* (a text nobody here has read).
"""


def page() -> str:
    """The text of docs/rules.md."""
    return "".join(_parts())


def _parts() -> Iterator[str]:
    yield f"{_OPENING}{_BASIS}\n## Generic rules\n\n"
    yield "`by` may be left out where the table is one group. A field is named as in the schema.\n\n"
    for name, rule in declarable().items():
        yield _generic(name, rule)
    yield "## Rules for kinds of tables\n\nA column written `a|b` may have either name.\n\n"
    for each in DOMAINS:
        yield _domain(each)
    yield f"## Kinds of tables\n\n{_kinds()}"


def _generic(name: str, rule: Rule) -> str:
    parameters = [
        f"`{key}`{'' if each.required else ' (may be left out)'}: {_FORMS[each.form]}"
        + (f" of type {' or '.join(sorted(each.types))}" if each.types else "")
        for key, each in generic.PARAMETERS[name].items()
    ]
    listed = "".join(f"- {line}\n" for line in parameters)
    return f"### {name}\n\n{_heading(rule)}{_said(generic.JUDGES[name])}\n\n{listed}\n{_sentences(rule)}"


_FORMS = {
    "field": "a field",
    "fields": "a list of fields",
    "group": "a list of fields",
    "value": "a value",
    "values": "a list of values",
    "number": "a number",
    "count": "a whole number",
    "flag": "true or false",
    "order": "`ascending` or `descending`, which is the default",
    "when": "`{field: …, in: [values]}`",
    "units": "`{resource: …, field: …}`, with `package: ../<dataset>/datapackage.yaml` where it is another dataset",
    "periods": "a list of periods, or `{from: …, to: …, every: year|half-year|quarter|month|week|day}`",
    "field-or-count": "a field, or a whole number for all rows",
}


def _domain(each: Domain) -> str:
    rule = each.rule
    columns = ", ".join(f"`{name}`" for name in rule.columns)
    values = "".join(f" Looks for `{value}` in `{name}`." for name, value in each.values)
    optional = " A table without them is not held to it." if each.optional else ""
    applies = f"Applies to {', '.join(f'`{kind}`' for kind in rule.kinds)}; needs {columns}.{optional}{values}\n\n"
    return f"### {rule.id}\n\n{_heading(rule)}{_said(each.judge)}\n\n{applies}{_sentences(rule)}"


def _said(judge: object) -> str:
    return inspect.cleandoc(getattr(judge, "__doc__", None) or "")


def _heading(rule: Rule) -> str:
    validity = "".join(
        f" {word} {day.isoformat()}" for word, day in (("From", rule.valid_from), ("Until", rule.valid_to)) if day
    )
    basis = f"{_in(rule.basis.document, 'en')}: {_in(rule.basis.clause, 'en')}"
    chinese = f"{_in(rule.basis.document, 'zh')}：{_in(rule.basis.clause, 'zh')}"
    return (
        f"**{_in(rule.title, 'en')}** · {_in(rule.title, 'zh')}\n\n"
        f"*{rule.severity}* · basis *{rule.basis.kind}*: {basis} · {chinese}{f' ·{validity}' if validity else ''}\n\n"
    )


def _sentences(rule: Rule) -> str:
    return f"{_in(rule.message, 'en')}<br>\n{_in(rule.message, 'zh')}\n\n"


def _in(text: Text, language: str) -> str:
    return (text.get(language) or "").replace("<", "&lt;")


def _kinds() -> str:
    rows = []
    for kind in sorted(KINDS):
        own = [each.id for each in DOMAINS if kind in each.kinds]
        rows.append(f"- `{kind}`: {', '.join(f'`{name}`' for name in own) or 'no rules of its own'}\n")
    return "".join(rows)
