"""Work in one process and in several gives the same, in the same order."""

from __future__ import annotations

import operator
import os

import pytest

from gazette import parallel


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_values(workers: int) -> None:
    """However many processes work on them."""
    values = list(range(20, 0, -1))
    assert list(parallel.each(operator.neg, values, workers)) == [-value for value in values]


def test_one_worker_is_this_process() -> None:
    """Nothing is started where nothing is gained."""
    assert list(parallel.each(process, [None], 1)) == [os.getpid()]


def test_several_workers_are_other_processes() -> None:
    """The work leaves this process."""
    assert os.getpid() not in list(parallel.each(process, [None], 2))


@pytest.mark.parametrize("workers", [1, 2])
def test_what_fails_in_a_worker_fails_here(workers: int) -> None:
    """An exception is not swallowed with its process."""
    with pytest.raises(ZeroDivisionError):
        list(parallel.each(inverse, [1, 0], workers))


def process(_: object) -> int:
    """The process this runs in."""
    return os.getpid()


def inverse(value: int) -> float:
    """What there is none of for zero."""
    return 1 / value
