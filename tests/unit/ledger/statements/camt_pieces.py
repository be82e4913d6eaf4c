"""Pieces of camt messages, of our own making."""

from __future__ import annotations

from tests.unit.ledger.statements.samples import OWN, SENDER, camt

US = f"<Cdtr><Nm>BANK</Nm></Cdtr><CdtrAcct><Id><IBAN>{OWN}</IBAN></Id></CdtrAcct>"
DEBTOR = f"<Dbtr><Nm>JAN NOWAK</Nm></Dbtr><DbtrAcct><Id><IBAN>{SENDER}</IBAN></Id></DbtrAcct>"
RETURNED = "<RtrInf><Rsn><Cd>MD06</Cd></Rsn></RtrInf>"


def transfer(
    amount: str = "", *, parties: str = DEBTOR, title: str = "Rate 1", more: str = ""
) -> str:
    """``amount`` is an element, or only the figures."""
    if amount and not amount.startswith("<"):
        amount = f'<Amt Ccy="PLN">{amount}</Amt>'
    return (
        f"<TxDtls>{amount}<RltdPties>{parties}</RltdPties><RmtInf><Ustrd>{title}</Ustrd></RmtInf>"
        f"{more}</TxDtls>"
    )


def entry(
    *transfers: str,
    amount: str = "100.00",
    mark: str = "CRDT",
    counted: int | None = None,
    more: str = "",
    status: str = "<Sts>BOOK</Sts>",
) -> str:
    """``counted``: of how many transfers the bank speaks."""
    batch = f"<Btch><NbOfTxs>{counted}</NbOfTxs></Btch>" if counted is not None else ""
    return (
        f'<Ntry><Amt Ccy="PLN">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd>{more}{status}'
        "<BookgDt><Dt>2026-05-11</Dt></BookgDt><ValDt><Dt>2026-05-11</Dt></ValDt>"
        f"<NtryDtls>{batch}{''.join(transfers)}</NtryDtls></Ntry>"
    )


def balance(code: str, amount: str, currency: str = "PLN") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{amount}</Amt>"
        "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-05-11</Dt></Dt></Bal>"
    )


def statement(inside: str) -> bytes:
    return camt("053", "BkToCstmrStmt", "Stmt", inside)


def booked(*entries: str, opening: str = "1000.00", closing: str = "1100.00") -> bytes:
    """A statement with both balances."""
    return statement(balance("OPBD", opening) + balance("CLBD", closing) + "".join(entries))


def notification(inside: str) -> bytes:
    return camt("054", "BkToCstmrDbtCdtNtfctn", "Ntfctn", inside)


def report(inside: str) -> bytes:
    return camt("052", "BkToCstmrAcctRpt", "Rpt", inside)
