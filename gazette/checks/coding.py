"""Whether the bytes of a file are the encoding its descriptor states, and where they stop being so."""

from __future__ import annotations

import codecs
from pathlib import Path

from gazette import tables
from gazette.model import Finding, Slice

_CHUNK = 1 << 20
_BOMS = ((codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"))


def judge(piece: Slice) -> Finding | None:
    """The first bytes of the table's files that are not of its encoding; frictionless would guess another."""
    if not tables.is_text(piece.resource):
        return None
    for number, part in enumerate(piece.resource.paths):
        path = piece.root / piece.dataset.folder / part
        byte = _first_bad_byte(path, piece.resource.encoding)
        if byte is not None:
            row = _line(path, byte)
            return Finding(
                code="encoding-error",
                severity="error",
                source="frictionless",
                dataset=piece.dataset.name,
                path=f"{piece.dataset.folder}/{part}" if piece.dataset.folder else part,
                resource=piece.resource.name,
                row=row if number == 0 else None,
                line=row,
                facts={"byte": byte, "encoding": piece.resource.encoding, "guess": _guess(path)},
            )
    return None


def _first_bad_byte(path: Path, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    before = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as fault:
                return before - held + fault.start
            if not chunk:
                return None
            before += len(chunk)


def _line(path: Path, byte: int) -> int:
    with path.open("rb") as file:
        return file.read(byte).count(b"\n") + 1


def _guess(path: Path) -> str | None:
    """What the file looks like: the encoding Chinese spreadsheets are saved in, if its bytes allow it."""
    with path.open("rb") as file:
        head = file.read(4)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    try:
        with path.open(encoding="gb18030") as text:
            while text.read(_CHUNK):
                pass
    except UnicodeDecodeError:
        return None
    return "GB18030"
