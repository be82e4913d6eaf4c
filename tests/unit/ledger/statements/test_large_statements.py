"""A large file takes no more memory than a small one, and time in proportion to its size."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Final

import pytest

from ledger.statements.reader import read_statements
from ledger.statements.values import Entry, StatementUnreadable
from tests.unit.ledger.statements.reading import read_whole
from tests.unit.ledger.statements.samples import CAMT053, MT940, OWN, SENDER, camt

_FEW: Final = 600
_MANY: Final = 6_000
#: Ten times the entries may take so many times the memory, and so much of it for buffers.
_FACTOR: Final = 1.3
_SPARE_BYTES: Final = 200_000
_MEGABYTE: Final = 1_000_000
#: What is quadratic takes minutes.
_LONGEST_SECONDS: Final = 20.0


def _many_of(content: bytes, first: bytes, after: bytes, times: int) -> bytes:
    """The first entry, many times."""
    begin, end = content.index(first), content.index(after) + len(after)
    return content[:begin] + content[begin:end] * times + content[end:]


def _peak_bytes(content: bytes) -> int:
    """The most that reading took beside the file itself."""
    file = io.BytesIO(content)
    tracemalloc.start()
    try:
        entries = sum(isinstance(part, Entry) for part in read_statements(file))
        assert entries > _FEW
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("content", "first", "after"),
    [(MT940, b":61:", f"~38{SENDER}\n".encode()), (CAMT053, b"<Ntry>", b"</Ntry>")],
    ids=["mt940", "camt053"],
)
def test_ten_times_the_entries_need_about_as_much_memory(
    content: bytes, first: bytes, after: bytes
) -> None:
    few, many = (_many_of(content, first, after, times) for times in (_FEW, _MANY))
    _peak_bytes(few)  # what is made once
    assert _peak_bytes(many) < _FACTOR * _peak_bytes(few) + _SPARE_BYTES


#: Where tracemalloc does not look: the tree is libxml2's own. The kernel's own account of a process
#: starts anew with its program, which getrusage's does not.
_STATUS: Final = Path("/proc/self/status")
_MEASURED: Final = """
import io, re, sys
from pathlib import Path
from ledger.statements.reader import read_statements
def peak():
    return int(re.search("VmHWM:\\s*([0-9]+)", Path("/proc/self/status").read_text())[1])
content = sys.stdin.buffer.read()
before = peak()
for part in read_statements(io.BytesIO(content)):
    pass
print(peak() - before)
"""


@pytest.mark.skipif(not _STATUS.exists(), reason="only Linux tells the peak of a process so")
@pytest.mark.parametrize(
    ("where", "inside"),
    [
        (b"<Stmt>", b"<a/>"),
        (b"<Stmt>", b"<a>b</a>\n"),
        (b"<GrpHdr>", b"<a/>"),
        (b"<BkToCstmrStmt>", b"<GrpHdr><Bal/></GrpHdr>"),
    ],
)
def test_elements_that_say_nothing_take_no_memory(where: bytes, inside: bytes) -> None:
    times = 2 * _MEGABYTE // len(inside)
    content = CAMT053.replace(where, where + inside * times, 1)
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED], input=content, capture_output=True, check=True
    )
    assert int(done.stdout) < 8_000, "kilobytes"


def test_an_entry_of_more_elements_than_a_bank_writes_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ledger.statements.camt._MOST_ELEMENTS", 1_000)
    many = CAMT053.replace(b"</Ntry>", b"</Ntry>" + b"<a/>" * 900)
    assert len(read_whole(many).all_entries) == 3
    content = CAMT053.replace(b"<TxDtls>", b"<TxDtls>" + b"<a/>" * 1_000, 1)
    with pytest.raises(StatementUnreadable) as caught:
        read_whole(content)
    assert caught.value.values["reason"] == "too_many_elements"


def test_what_stands_between_the_entries_does_not_hide_them() -> None:
    between = b"<a>x</a>y<!-- z --><a/>"
    content = CAMT053.replace(b"</Ntry>", b"</Ntry>" + between)
    content = content.replace(b"<Bal>", between + b"<Bal>")
    read, expected = read_whole(content), read_whole(CAMT053)
    assert (read.all_entries, read.statements) == (expected.all_entries, expected.statements)


def _details(text: str) -> bytes:
    return (
        f":20:A\n:25:{OWN}\n:60F:C260510PLN1,00\n:61:2605110511C50,00NTRFNONREF\n"
        f":86:{text}\n:62F:C260511PLN51,00\n-\n"
    ).encode()


@pytest.mark.parametrize(
    "piece", ["?20ab", "\n?20ab", " ", "x\n", "-\n", "/REMI/x", "TYT.: ", "SVWZ+", "{1:{", "{1:x}",
              "\f", "\n:86:x", "\n:NS:01x", "PL61 1"]
)  # fmt: skip
def test_a_million_signs_about_one_entry_are_read_at_once(piece: str) -> None:
    for begin in ("", "020?20"):
        content = _details(begin + piece * (_MEGABYTE // len(piece)))
        started = time.perf_counter()
        assert len(read_whole(content).all_entries) == 1
        assert time.perf_counter() - started < _LONGEST_SECONDS


def test_so_much_of_a_title_is_kept_as_can_be_shown() -> None:
    only = read_whole(_details("020?20" + "a" * _MEGABYTE)).all_entries[0]
    assert 4_000 < len(only.title) < 100_000


@pytest.mark.parametrize(
    ("before", "sign"), [("250102", " "), ("2605110511C", "0"), ("2605110511", "C")]
)
def test_an_entry_of_a_million_signs_is_refused_at_once(before: str, sign: str) -> None:
    line = f"{before}{sign * _MEGABYTE}x"
    started = time.perf_counter()
    with pytest.raises(StatementUnreadable):
        read_whole(_details("x").replace(b"2605110511C50,00NTRFNONREF", line.encode()))
    assert time.perf_counter() - started < _LONGEST_SECONDS


def test_a_line_of_more_signs_than_any_bank_writes_is_refused() -> None:
    with pytest.raises(StatementUnreadable) as caught:
        read_whole(_details("a" * 2 * _MEGABYTE))
    assert caught.value.values["reason"] == "line_too_long"


def test_entries_whose_currency_nothing_tells_are_not_gathered_for_ever() -> None:
    entry = b":61:2605110511C1,NTRF\n"
    with pytest.raises(StatementUnreadable) as caught:
        read_whole(b":20:A\n:25:1\n" + entry * 110_000)
    assert caught.value.values["reason"] == "field_missing"
    assert caught.value.values["field"] == ":60F:"


def test_many_statements_in_one_file_are_read_in_proportion() -> None:
    statement = "<Id>8</Id><Acct><Id><IBAN>A</IBAN></Id></Acct></Stmt><Stmt>"
    content = camt("053", "BkToCstmrStmt", "Stmt", f"</Stmt><Stmt>{statement * 3_000}<Id>9</Id>"
                   "<Acct><Id><IBAN>A</IBAN></Id></Acct>")  # fmt: skip
    assert len(read_whole(content).statements) == 3_002
