"""Small statements of our own making, one of each form, about the same two payments and a fee."""

from __future__ import annotations

from typing import Final

OWN: Final = "PL61109010140000071219812874"
SENDER: Final = "PL27114020040000300201355387"

MT940: Final = (
    f":20:ST1\n:25:{OWN}\n:28C:7/1\n:60F:C260510PLN1000,00\n"
    ":61:2605110511C50,00NTRFNONREF//B1\n"
    f":86:020~00TRANSFER~20SPLATA UMOWY CTR/2026/17~32JAN NOWAK~38{SENDER}\n"
    ":61:2605110511C50,00NTRFNONREF//B2\n"
    f":86:020~00TRANSFER~20SPLATA UMOWY CTR/2026/17~32JAN NOWAK~38{SENDER}\n"
    ":61:2605110511D5,00NCHGNONREF//B2\n:86:Fee for the account\n"
    ":62F:C260511PLN1095,00\n-\n"
).encode()

#: One entry in each of the ways in which banks write field 86.
DIALECTS: Final = (
    f":20:ST1\n:25:37040044/0532013000\n:28C:7/1\n:60F:C260510EUR1000,00\n"
    ":61:2605110511C50,00NTRFEREF+//B1\n"
    ":86:166?00GUT?20EREF+R1?21SVWZ+Rate ?44 CTR/2026/17?22ABWA+EWA?30COBADEFF?32JAN NOWAK?35X\n"
    f":61:2605110511C50,00N541NONREF\n{SENDER}\n"
    f":86:/EREF/R1//CNTP/{SENDER}/BANKPLPW/JAN NOWAK///REMI/USTD//Rata CTR/2026/17/\n"
    f":61:2605110511C50,00 NTRFNONREF\n:86:/ORDP/{SENDER}\nJAN NOWAK\n/REMI/Rata/ULTD//NAME/EWA\n"
    f":61:2605110511C50,00NONREF\n:86:0210<00P<20RATA<26{SENDER[2:]}<27JAN<38{SENDER}<63REF 1\n"
    f":61:2605110511C50,00//B1\n:86:770 P; z rach.: {SENDER}; od: JAN NOWAK; tyt.: Rata od: maja\n"
    f":61:2605110531C50,00NTRFNONREF\n:86:034\n:86:034~20RATA~29{SENDER}~32JAN~62NOWA 1~40X\n"
    f":61:2605110511C50,00NTRFNONREF\n:86:OD PL27 1140 2004 0000 3002 0135 5387 o\n:20:15 JAN\n"
    ":62F:C260511EUR1350,00\n-\n"
).encode()

MT942: Final = (
    f":20:RP1\n:25:{OWN}\n:28C:7/1\n:34F:PLN0,\n:13D:2605111200+0200\n"
    ":61:2605110511C50,00NTRFNONREF//B1\n"
    f":86:020~00TRANSFER~20SPLATA UMOWY CTR/2026/17~32JAN NOWAK~38{SENDER}\n"
    ":90D:0PLN0,\n:90C:1PLN50,00\n-\n"
).encode()


def _entry(amount: str, mark: str, reference: str, title: str) -> str:
    return (
        f'<Ntry><Amt Ccy="PLN">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd><Sts>BOOK</Sts>'
        "<BookgDt><Dt>2026-05-11</Dt></BookgDt><ValDt><Dt>2026-05-11</Dt></ValDt>"
        f"<AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr>"
        f"<Nm>JAN NOWAK</Nm></Dbtr><DbtrAcct><Id><IBAN>{SENDER}</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RmtInf><Ustrd>{title}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def _balance(code: str, amount: str, day: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='PLN'>{amount}</Amt>"
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def camt(form: str, message: str, statement: str, inside: str, version: str = "02") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{form}.001.{version}">'
        f"<{message}><GrpHdr><MsgId>M1</MsgId></GrpHdr><{statement}><Id>7</Id>"
        f"<Acct><Id><IBAN>{OWN}</IBAN></Id><Ccy>PLN</Ccy></Acct>{inside}</{statement}>"
        f"</{message}></Document>"
    ).encode()


_PAID = _entry("50.00", "CRDT", "B1", "SPLATA UMOWY CTR/2026/17")
CAMT053: Final = camt(
    "053",
    "BkToCstmrStmt",
    "Stmt",
    _balance("OPBD", "1000.00", "2026-05-10")
    + _balance("CLBD", "1095.00", "2026-05-11")
    + _PAID
    + _entry("50.00", "CRDT", "B2", "SPLATA UMOWY CTR/2026/17")
    + _entry("5.00", "DBIT", "B2", "Fee for the account"),
)
CAMT054: Final = camt("054", "BkToCstmrDbtCdtNtfctn", "Ntfctn", _PAID)
CAMT052: Final = camt("052", "BkToCstmrAcctRpt", "Rpt", _PAID)
