"""Two names of one file system change places in a single step, where the system can do that."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # linux/fs.h
_RENAME_SWAP = 2  # macOS, sys/stdio.h
_UNABLE = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})


def swap(left: Path, right: Path) -> None:
    """Let two existing names change places; nobody ever sees one of them missing.

    Raises OSError as ``rename`` does, with ``ENOSYS`` where the system has no such call (renameat2(2) on
    Linux, renamex_np(2) on macOS).
    """
    if sys.platform == "win32":
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), str(left))
    libc = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(left), os.fsencode(right)
    if sys.platform == "linux" and hasattr(libc, "renameat2"):
        failed = libc.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, ctypes.c_uint(_RENAME_EXCHANGE))
    elif sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        failed = libc.renamex_np(first, second, ctypes.c_uint(_RENAME_SWAP))
    else:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), str(left))
    if failed:
        fault = ctypes.get_errno()
        raise OSError(fault, os.strerror(fault), str(left), None, str(right))


def possible(folder: Path) -> bool:
    """Whether the file system of ``folder``, which must be empty, lets two names change places."""
    left, right = folder / "a", folder / "b"
    left.mkdir()
    right.mkdir()
    try:
        swap(left, right)
    except OSError as fault:
        if fault.errno not in _UNABLE:
            raise
        return False
    finally:
        left.rmdir()
        right.rmdir()
    return True
