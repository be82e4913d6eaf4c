"""Whatever is done to a statement, the answer is a reading or a clear refusal, and at once."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from typing import Final

import pytest

from ledger.statements.values import StatementUnreadable
from tests.unit.ledger.statements.camt_pieces import (
    DEBTOR,
    RETURNED,
    US,
    balance,
    entry,
    statement,
    transfer,
)
from tests.unit.ledger.statements.reading import read_whole
from tests.unit.ledger.statements.samples import (
    CAMT052,
    CAMT053,
    CAMT054,
    DIALECTS,
    MT940,
    MT942,
)

#: A page with everything that the samples have not: a batch, a return, totals, and charges.
PAGE: Final = statement(
    "<StmtPgntn><PgNb>1</PgNb></StmtPgntn>"
    + balance("OPBD", "1000.00")
    + balance("ITBD", "1100.50")
    + "<TxsSummry><TtlNtries><NbOfNtries>3</NbOfNtries><Sum>200.50</Sum></TtlNtries></TxsSummry>"
    + entry(transfer("50.50"), transfer("50.00", parties=US), amount="100.50", counted=2)
    + entry(transfer("50.00", parties=DEBTOR + US, more=RETURNED), amount="50.00", mark="DBIT")
    + entry(transfer('<Amt Ccy="PLN">52.00</Amt><Chrgs><Amt Ccy="PLN">2.00</Amt></Chrgs>'),
            amount="50.00", more="<RvslInd>true</RvslInd>")
)  # fmt: skip
SEEDS: Final = (MT940, DIALECTS, MT942, CAMT052, CAMT053, CAMT054, PAGE)
#: All of them take minutes; a few are tried each time.
MUTATIONS: Final = 100_000 if os.environ.get("CHAOS") == "full" else 400
#: A hang, not slowness: a reading takes some milliseconds.
LONGEST_SECONDS: Final = 60.0


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _flip(content: bytes, chance: random.Random) -> bytes:
    flipped = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        if flipped:
            flipped[chance.randrange(len(flipped))] = chance.randrange(256)
    return bytes(flipped)


def _swap_lines(content: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def _repeat(content: bytes, chance: random.Random) -> bytes:
    first = chance.randrange(len(content) + 1)
    piece = content[first : first + chance.randrange(80)]
    return content[:first] + piece * chance.randint(2, 200) + content[first:]


def _recode(content: bytes, chance: random.Random) -> bytes:
    text = content.decode("utf-8", "replace").replace("NOWAK", "ŻÓŁĆ")
    return text.encode(chance.choice(["cp852", "cp1250", "iso8859-2", "utf-16"]), "replace")


def _number(content: bytes, chance: random.Random) -> bytes:
    huge = chance.choice([b"9" * 40, b"-1", b"1e9", b"NaN", b"0,0001", b"", b"\0"])
    return content.replace(b"50", huge, chance.randint(1, 3))


def _insert(content: bytes, chance: random.Random) -> bytes:
    piece = chance.choice(
        [b"<a>" * 400, b"<!DOCTYPE x [<!ENTITY e \"e\">]>", b"&e;", b"\0" * 50, b":61:", b":86:?20",
         b"{4:", b"\r\n-\r\n", b"]]>", b"\xff\xfe",
         b"<TxDtls>", b"<Btch><NbOfTxs>9</NbOfTxs></Btch>", b"<BkToCstmrStmtV01>"]
    )  # fmt: skip
    first = chance.randrange(len(content) + 1)
    return content[:first] + piece + content[first:]


MUTATORS: Final[list[Callable[[bytes, random.Random], bytes]]] = [
    _cut, _flip, _swap_lines, _repeat, _recode, _number, _insert,
]  # fmt: skip


def _refusal(content: bytes) -> str:
    """Empty where it is read; a refusal has its reason and its place."""
    try:
        read_whole(content)
    except StatementUnreadable as error:
        return " at ".join([error.values["reason"], error.values["place"]])
    return ""


def test_what_is_mutated_is_good_but_for_an_entry_of_no_type() -> None:
    found = [finding for content in SEEDS for finding in read_whole(content).findings]
    assert found == ["type_missing"]


@pytest.mark.chaos
def test_a_mutated_statement_is_read_or_refused_and_never_hangs() -> None:
    chance = random.Random(20_261_127)
    outcomes = {"read": 0, "refused": 0}
    for _ in range(MUTATIONS):
        content = chance.choice(SEEDS)
        for _ in range(chance.randint(1, 3)):
            content = chance.choice(MUTATORS)(content, chance)
        started = time.perf_counter()
        refusal = _refusal(content)
        outcomes["refused" if refusal else "read"] += 1
        assert time.perf_counter() - started < LONGEST_SECONDS
    assert min(outcomes.values()) > 0


@pytest.mark.parametrize(
    "piece",
    ["od: x;", " od:", "166?20EREF+a", "/REMI/EREF/", "/ORDP/NAME/a", "020~00~20a", "166?20?44 ",
     "020+00+48601", "0123 a~20", "PL27 1140 2004 0000 3002 0135 5386 ", "12345 ", "   ", "@@"],
)  # fmt: skip
def test_a_text_without_end_takes_no_more_than_its_length(piece: str) -> None:
    line = f":86:{piece * (19_000 // len(piece))}\n".encode()
    started = time.perf_counter()
    read_whole(MT940.replace(b":86:Fee for the account\n", line * 50))
    assert time.perf_counter() - started < LONGEST_SECONDS / 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\0\0\0", "empty"),
        (b"hello", "not_a_statement"),
        (b"<Document></Document>", "not_a_statement"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
         "document_type_not_allowed"),
        (CAMT053[:400], "not_well_formed"),
        (CAMT053.replace(b'Ccy="PLN">50.00', b'Ccy="PLN">50.001'), "bad_amount"),
        (CAMT053.replace(b"CRDT</CdtDbtInd><Sts>", b"CREDIT</CdtDbtInd><Sts>"), "bad_mark"),
        (MT940.replace(b":60F:C260510PLN", b":60F:C260510"), "bad_balance"),
        (MT940.replace(b":25:", b":21:"), "field_missing"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(StatementUnreadable) as caught:
        read_whole(content)
    assert caught.value.values["reason"] == reason
