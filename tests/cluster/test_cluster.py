"""The report is the same byte for byte wherever the work was done, and whoever died doing it."""

from __future__ import annotations

import builtins
import operator
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import build
from gazette import checks, parallel, report, tables
from gazette.model import BuildError, Settings
from gazette.parallel import cluster as machinery
from tests import broken, cluster


@pytest.fixture(autouse=True)
def _unchanging(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the workers run is what this process takes itself for, though somebody edits the project meanwhile."""
    monkeypatch.setattr(machinery, "_SOURCE", cluster.source() / "gazette")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[cluster.Cluster]:
    """A scheduler and two workers."""
    with cluster.started(tmp_path_factory.mktemp("cluster"), workers=2) as running:
        yield running


@pytest.fixture
def one(tmp_path: Path) -> Iterator[cluster.Cluster]:
    """A scheduler and one worker that no other test needs."""
    with cluster.started(tmp_path / "cluster", workers=1) as running:
        yield running


def site(folder: Path, **more: Any) -> Settings:
    """A dataset of many rows, some of them wrong, and a second one its rows refer to."""
    broken.example("foreign-key--dataset", folder)
    rows = folder / "datasets/rooms/data/rooms.csv"
    header, *few = rows.read_text(encoding="utf-8").splitlines()
    many = [line.replace(",", f"{number},", 1) for number in range(3000) for line in few]
    rows.write_text("\n".join([header, *many]) + "\n", encoding="utf-8")
    return broken.wanted(folder, format="json", **more)


def judged(wanted: Settings) -> str:
    """The report, as the command would print it."""
    with parallel.room(wanted.room) as room:
        return report.render(build.judge(wanted, room)[-1], wanted)


def refused(function: Any, address: str, place: str | None = None, values: Any = (1,)) -> BuildError:
    """What the work is refused with."""
    with pytest.raises(BuildError) as raised:
        list(parallel.each(function, values, address, place))
    return raised.value


def test_results_come_in_the_order_of_the_values(two: cluster.Cluster) -> None:
    """And from other processes, which are the two workers."""
    assert list(parallel.each(operator.neg, range(20), two.address)) == [-value for value in range(20)]
    workers = {process.pid for process in two.workers}
    assert set(parallel.each(cluster.process, range(20), two.address)) <= workers


def test_what_fails_on_a_worker_fails_here(two: cluster.Cluster) -> None:
    """An exception is not swallowed on its way."""
    with pytest.raises(ZeroDivisionError):
        list(parallel.each(cluster.inverse, [1, 0], two.address))


def test_the_report_is_that_of_one_process_though_a_worker_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its slices are judged again by the other worker; not a byte differs."""
    monkeypatch.setattr(tables, "SLICE", 20_000)
    monkeypatch.setattr(tables, "UNIT", 1)
    shared = tmp_path / "shared"
    shared.mkdir()
    wanted = site(tmp_path, room=str(shared))
    alone = judged(wanted)
    with cluster.started(tmp_path / "cluster", workers=2) as running:
        victim = running.workers[0]
        killed: list[int] = []

        def assassinate() -> None:
            while not any(shared.glob(f"begun-*-{victim.pid}")):
                time.sleep(0.01)
            running.kill(0)
            killed.append(victim.wait())

        threading.Thread(target=assassinate, daemon=True).start()
        monkeypatch.setattr(checks, "inspect", cluster.slowly)
        together = judged(replace(wanted, workers=running.address))
    begun = [path.name.rpartition("-") for path in shared.glob("begun-*")]
    died = {start for start, _, pid in begun if pid == str(victim.pid)}
    others = {start for start, _, pid in begun if pid != str(victim.pid)}
    assert killed == [-9]
    assert len(begun) > 5
    assert died & others  # what the dead one had begun was begun again
    assert together == alone
    assert '"status": "refused"' in alone


def test_workers_that_share_no_folder_fetch_the_snapshot_from_object_storage(
    two: cluster.Cluster, tmp_path: Path
) -> None:
    """Each fetches the datasets its slice speaks of, and the report is that of one process; nothing is left behind."""
    store = tmp_path / "store"
    wanted = site(tmp_path)
    alone = judged(wanted)
    address = f"file://{store}"
    assert judged(broken.wanted(tmp_path, format="json", workers=two.address, room=address)) == alone
    assert list(store.iterdir()) == []
    with parallel.room(address) as room:
        pieces = build.judge(wanted, room)[1]
        places = list(parallel.each(cluster.whereabouts, pieces, two.address, address))
    assert all(Path(place).is_relative_to(two.folder) for place, _ in places)
    assert places[-1][1] == ["halls/data/halls.csv", "rooms/data/rooms.csv"]


def test_a_worker_that_does_not_see_the_snapshot_says_so(two: cluster.Cluster, tmp_path: Path) -> None:
    """Rather than take a missing file for a fault of the data."""
    wanted = site(tmp_path)
    with parallel.room(None) as room:
        pieces = build.judge(wanted, room)[1]
    assert refused(cluster.whereabouts, two.address, values=pieces).code == "cluster-room"


def test_object_storage_nobody_can_write_to_is_named(two: cluster.Cluster, tmp_path: Path) -> None:
    """A protocol that is not installed, and a folder that cannot be made."""
    wanted = site(tmp_path)
    (tmp_path / "file").touch()
    with parallel.room(None) as room:
        pieces = build.judge(wanted, room)[1]
        for place in ("nothing://bucket", f"file://{tmp_path}/file/below"):
            fault = refused(cluster.whereabouts, two.address, place, values=pieces)
            assert (fault.code, fault.exit, fault.facts["path"]) == ("room-unusable", 3, place)


def test_a_worker_with_another_version_is_not_asked(two: cluster.Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rows could get another verdict there."""
    monkeypatch.setattr(machinery, "_identity", lambda: {"Gazette": "0", "pyarrow": "1"})
    fault = refused(operator.neg, two.address)
    assert fault.code == "cluster-differs"
    assert [str(line).split()[0] for line in fault.facts["differing"] or ()] == ["Gazette", "pyarrow"]  # type: ignore[union-attr]


def test_a_worker_that_cannot_import_gazette_is_as_good_as_none(
    one: cluster.Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask ends it, and nobody is waited for for ever."""
    one.kill(0)
    one.work(path=tmp_path)
    one.workers[0].wait()
    monkeypatch.setattr(machinery, "IDLE", 6)
    assert refused(operator.neg, one.address).code == "cluster-idle"


def test_work_that_kills_its_worker_ends_the_build(one: cluster.Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the last worker gone nobody is waited for any longer."""
    assert list(parallel.each(operator.neg, [1], one.address)) == [-1]
    monkeypatch.setattr(machinery, "IDLE", 2)
    assert refused(cluster.deadly, one.address).code == "cluster-idle"


def test_a_scheduler_that_dies_ends_the_build(one: cluster.Cluster) -> None:
    """What was under way is lost, and it is said in one sentence."""
    results = parallel.each(operator.neg, range(10_000), one.address)
    assert next(results) == 0
    assert one.scheduler
    one.scheduler.kill()
    with pytest.raises(BuildError) as raised:
        list(results)
    assert (raised.value.code, raised.value.exit) == ("cluster-lost", 3)


def test_nobody_at_the_address_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Port 1 is one nobody listens at."""
    monkeypatch.setattr(machinery, "CONNECT", 1)
    fault = refused(operator.neg, "tcp://127.0.0.1:1")
    assert (fault.code, fault.exit) == ("cluster-unreachable", 3)


def test_the_library_is_asked_for_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else needs it."""
    original = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name == "distributed":
            raise ModuleNotFoundError(name)
        return original(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    fault = refused(operator.neg, "tcp://127.0.0.1:1")
    assert (fault.code, fault.exit) == ("cluster-missing", 2)
