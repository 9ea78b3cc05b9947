"""What holds the project itself together: its lock, its layers, its workflows and what its documents promise."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
DOCUMENTS = ("README.md", "CONTRIBUTING.md")
PYTHONS = ("3.11.0", "3.11.9", "3.12.0", "3.13.0", "3.14.0")
PLATFORMS = ("linux", "darwin", "win32")


def read(path: str) -> str:
    """The text of one of the project's files."""
    return (ROOT / path).read_text(encoding="utf-8")


def files() -> list[str]:
    """Every file a clone would hold."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return sorted(path for path in set(listing.split("\0")) if path and (ROOT / path).is_file())


def locked() -> dict[str, list[Requirement]]:
    """The lock's requirements by name; a name stands twice where platforms or versions of Python differ."""
    entries: dict[str, list[Requirement]] = {}
    for line in read("requirements.txt").splitlines():
        if line and not line.startswith((" ", "#")):
            entry = Requirement(line.removesuffix("\\").strip())
            entries.setdefault(canonicalize_name(entry.name), []).append(entry)
    return entries


def fitting(name: str, python: str, platform: str) -> list[Requirement]:
    """The lock's entries for ``name`` that apply there."""
    systems = {"linux": ("Linux", "posix"), "darwin": ("Darwin", "posix"), "win32": ("Windows", "nt")}
    environment = {
        "python_full_version": python,
        "python_version": python.rpartition(".")[0],
        "sys_platform": platform,
        "platform_system": systems[platform][0],
        "os_name": systems[platform][1],
    }
    return [entry for entry in locked()[name] if entry.marker is None or entry.marker.evaluate(environment)]


def pin(entry: Requirement) -> str:
    """The one version an entry allows."""
    (specifier,) = entry.specifier
    assert specifier.operator == "=="
    return specifier.version


# --- the lock ---------------------------------------------------------------------------------------------


def test_the_lock_holds_pinned_names_with_hashes_and_nothing_else() -> None:
    """No index, no find-links, no address of a file: where packages come from is the reader's own setting."""
    logical = re.sub(r"\\\n\s*", "", read("requirements.txt"))
    lines = [line for line in logical.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    entry = re.compile(r"[a-z0-9][a-z0-9.-]*==[^\s;]+( ; [^-]+?)?\s*(--hash=sha256:[0-9a-f]{64}\s*)+")
    assert lines
    assert [line for line in lines if not entry.fullmatch(line)] == []
    assert "://" not in logical


def test_a_lock_of_scripts_names_no_registry() -> None:
    """The lock of the browser's scripts, where there is one, holds integrity sums and no ``resolved``."""
    locks = [path for path in files() if path.endswith("package-lock.json")]
    assert [path for path in locks if '"resolved"' in read(path)] == []


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_covers_every_dependency_on_every_supported_python(python: str, platform: str) -> None:
    """Each name the project asks for has one entry there, of a version the project accepts."""
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    for requirement in map(Requirement, wanted):
        entries = fitting(canonicalize_name(requirement.name), python, platform)
        assert len(entries) == 1, requirement
        assert requirement.specifier.contains(pin(entries[0])), requirement


def test_the_theme_and_its_generator_stay_in_the_line_the_project_is_built_on() -> None:
    """MkDocs 2 knows neither plugins nor this theme; Material 9.8 is the last line of its series."""
    assert [SpecifierSet("==1.*").contains(pin(entry)) for entry in locked()["mkdocs"]] == [True]
    assert [SpecifierSet("==9.8.*").contains(pin(entry)) for entry in locked()["mkdocs-material"]] == [True]


# --- the layers -------------------------------------------------------------------------------------------


def imported(path: str) -> set[str]:
    """Top-level names of the outside libraries that a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(read(path))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and not node.level:
            names.add(str(node.module).partition(".")[0])
    return names - sys.stdlib_module_names - {"gazette"}


def test_the_layers_and_the_doors_hold() -> None:
    """Upper modules import lower ones only, and each outside library enters by its own doors."""
    # In a process of its own: it configures logging, and what MkDocs warns of would no longer be heard.
    linter = Path(sys.executable).with_name("lint-imports")
    outcome = subprocess.run([linter, "--no-cache"], cwd=ROOT, check=False, capture_output=True, text=True)
    assert outcome.returncode == 0, outcome.stdout


def test_every_outside_library_has_a_door() -> None:
    """What the package imports from outside is a dependency of the project and named in a contract."""
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    doors = {name for contract in contracts for name in contract.get("protected_modules", ())}
    optional = [line for lines in PROJECT["project"]["optional-dependencies"].values() for line in lines]
    wanted = [*PROJECT["project"]["dependencies"], *optional]
    declared = {canonicalize_name(Requirement(line).name) for line in wanted}
    installed = metadata.packages_distributions()
    modules = [path for path in files() if path.startswith("gazette/") and path.endswith(".py")]
    assert modules
    names = {name for path in modules for name in imported(path)}
    assert names - doors == set()
    assert {name for name in names if declared.isdisjoint(map(canonicalize_name, installed[name]))} == set()


def test_the_values_need_only_the_standard_library() -> None:
    """``model`` is imported everywhere, in every process; it must cost nothing."""
    assert imported("gazette/model.py") == set()


def test_the_pipeline_is_a_table_of_contents() -> None:
    """``build.py`` calls, hands on and returns: it computes nothing, so there is nothing in it to get wrong."""
    logic = (
        ast.AugAssign,
        ast.BinOp,
        ast.ClassDef,
        ast.DictComp,
        ast.GeneratorExp,
        ast.Global,
        ast.Lambda,
        ast.ListComp,
        ast.Match,
        ast.SetComp,
        ast.While,
    )
    tree = ast.parse(read("build.py"))
    found = [f"{type(node).__name__} in line {node.lineno}" for node in ast.walk(tree) if isinstance(node, logic)]
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    nested = [
        f"{type(inner).__name__} in line {inner.lineno}"
        for outer in ast.walk(tree)
        if isinstance(outer, (ast.If, ast.For))
        for inner in ast.walk(outer)
        if inner is not outer and isinstance(inner, (ast.If, ast.For, ast.Try))
    ]
    assert functions
    assert found + nested == []


# --- the workflows ----------------------------------------------------------------------------------------


def workflow(path: Path) -> dict[Any, Any]:
    """The document of a workflow."""
    return cast("dict[Any, Any]", yaml.safe_load(path.read_text(encoding="utf-8")))


def steps(path: Path) -> list[dict[str, Any]]:
    """The steps of all its jobs, in order."""
    return [step for job in workflow(path)["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_commit(path: Path) -> None:
    """A tag can be moved to other code, a commit cannot; the version beside it is for people."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    pinned = re.compile(r"\s+uses: actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert lines
    assert [line for line in lines if not pinned.fullmatch(line)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_commands_hold_no_expression(path: Path) -> None:
    """A title or branch name pasted into a command by ``${{ }}`` would be run as one."""
    assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_starts_with_no_permission(path: Path) -> None:
    """Each job names the few it needs, and only a deployment and a comment may write."""
    assert workflow(path)["permissions"] == {}
    for name, job in workflow(path)["jobs"].items():
        writes = {scope for scope, access in job["permissions"].items() if access == "write"}
        permitted = {"deploy": {"pages", "id-token"}, "comment": {"pull-requests"}}
        assert writes == permitted.get(name, set()), name


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_trusts_nothing_a_proposal_can_change(path: Path) -> None:
    """No trigger that runs a proposal with the project's rights, no credentials left behind, no shared cache."""
    # YAML 1.1 reads the bare key `on` as true.
    triggers = {"pull_request", "push", "schedule", "workflow_dispatch"} | (
        {"workflow_run"} if path.stem == "comment" else set()
    )
    assert set(workflow(path)[True]) <= triggers
    for step in steps(path):
        settings = step.get("with", {})
        if "actions/checkout@" in step.get("uses", ""):
            assert settings["persist-credentials"] is False
            assert settings["fetch-depth"] == 0
        assert "cache" not in settings


def test_the_comment_is_made_by_code_of_main_alone() -> None:
    """It has rights a proposal must not have: it checks main out and takes no artifact; what may write runs nothing."""
    document = workflow(ROOT / ".github/workflows/comment.yml")
    compare, comment = document["jobs"]["compare"]["steps"], document["jobs"]["comment"]["steps"]
    (checkout,) = [step for step in compare if "actions/checkout@" in step.get("uses", "")]
    assert checkout["with"]["ref"] == "${{ github.event.repository.default_branch }}"
    assert "write" not in document["jobs"]["compare"]["permissions"].values()
    assert [step for step in (*compare, *comment) if "artifact" in step.get("uses", "")] == []
    assert [step for step in comment if "uses" in step] == []
    # The proposal's commits are fetched and compared; nothing puts its files where they could be run.
    commands = " ".join(step.get("run", "") for step in compare)
    assert not re.search(r"git[^\n]*\b(?:checkout|switch|worktree|merge|reset|restore)\b(?!:)", commands)


def test_only_a_proven_site_is_published() -> None:
    """The site is verified against its manifest in the job that hands it over, before it does."""
    names = [
        step.get("run") or step["uses"].partition("@")[0] for step in steps(ROOT / ".github/workflows/publish.yml")
    ]
    proof = names.index(".venv/bin/python build.py verify site")
    assert proof < names.index("actions/upload-pages-artifact") < names.index("actions/deploy-pages")


def test_what_is_under_way_is_deployed_to_its_end() -> None:
    """Cancelling a deployment could leave readers without a site."""
    assert workflow(ROOT / ".github/workflows/publish.yml")["concurrency"]["cancel-in-progress"] is False


# --- the documents ----------------------------------------------------------------------------------------


def test_ci_runs_the_test_command_of_the_readme() -> None:
    """What CI runs is what a person runs."""
    commands = read(".ci/run").splitlines()
    assert [line for line in commands if line.startswith("make test")]
    assert "make test" in read("README.md")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_a_document_names_exists(document: str) -> None:
    """A command copied from a document works."""
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    named = set(
        re.findall(r"\bmake ([a-z]+)\b", " ".join(re.findall(r"`[^`]+`|^    .+$", read(document), re.MULTILINE)))
    )
    assert named
    assert named - targets == set()


@pytest.mark.parametrize("command", ["build", "check", "verify", "serve"])
def test_the_readme_knows_every_option(command: str) -> None:
    """The table of the command line lists what the command line has, and nothing it has not."""
    shown = subprocess.run(
        [sys.executable, "build.py", command, "--help"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "NO_COLOR": "1", "COLUMNS": "200", "PYTHONUTF8": "1"},
    ).stdout
    options = set(re.findall(r"--[a-z-]+", shown)) - {"--help"}
    row = next(line for line in read("README.md").splitlines() if line.startswith(f"| `{command}"))
    table = re.findall(r"^\| `(--[a-z-]+)[^|]*\| ([^|]+) \|", read("README.md"), re.MULTILINE)
    assert {option for option, commands in table if command in commands.split(", ")} == options, row


@pytest.mark.parametrize("document", [*DOCUMENTS, "CHANGELOG.md"])
def test_every_file_a_document_points_to_exists(document: str) -> None:
    """A link inside the repository leads somewhere."""
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", read(document))
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_project_speaks_of_no_machine() -> None:
    """No path of somebody's computer and no package registry stands in any file of the project."""
    # The first part keeps an address such as example.org/home/ from being taken for a folder.
    place = re.compile(
        rb"(?<![\w.:/*-])/(?:home|root|tmp|work|Users|opt)/\w|//(?:files\.|registry\.)\w|\bpypi\.(?:org|io)\b"
    )
    assert [path for path in files() if place.search((ROOT / path).read_bytes())] == []


def test_no_source_holds_a_character_that_hides_or_reorders_text() -> None:
    """A reviewer sees what the machine reads (CVE-2021-42574): such characters are written as escapes."""
    hidden = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
    sources = (".py", ".yml", ".yaml", ".toml", ".html", ".js", ".css", ".md")
    readable = [
        path
        for path in files()
        if (path.endswith(sources) or path.startswith((".ci/", "Makefile")))
        and not path.startswith("tests/examples/")  # broken on purpose
    ]
    assert readable
    assert [path for path in readable if hidden.search(read(path))] == []
