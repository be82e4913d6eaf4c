"""Fees and costs of courts and bailiffs, and the terms of the electronic court."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from calculations.fields import (
    BadInputs,
    Field,
    FieldKind,
    needed,
    needed_above_zero,
    optional,
    optional_above_zero,
    word,
)
from calculations.topic import Answer, Setting, Topic, Values
from calculations.values import WrongValue, money, plain_money, words_of
from courts.court_fee import (
    BailiffMode,
    Discontinued,
    bailiff_fee,
    charges_fee,
    conciliation_call_fee,
    court_costs,
    court_fee,
    discontinuance_fee,
    refund_when_final,
)
from courts.lifecycle import Procedure
from courts.terms import (
    bailiff_service_ends_on,
    is_admissible_in_epu,
    objection_ends_on,
    refiling_ends_on,
)
from kernel.calendar import POLAND
from kernel.money import Money

_PROCEDURES: Final = {
    "EPU": Procedure.EPU,
    "ordinary/upominawcze": Procedure.UPOMINAWCZE,
    "upominawcze": Procedure.UPOMINAWCZE,
    "nakazowe": Procedure.NAKAZOWE,
    "ordinary": Procedure.ORDINARY,
    "zwykle": Procedure.ORDINARY,
    "simplified": Procedure.SIMPLIFIED,
    "uproszczone": Procedure.SIMPLIFIED,
}
_SHOWN: Final = ("EPU", "upominawcze", "nakazowe", "ordinary", "simplified")
_CLAIMANTS: Final = {
    "consumer": "consumer", "konsument": "consumer", "bank": "bank", "business": "business",
    "entrepreneur": "business", "other": "business",
}  # fmt: skip
_MODES: Final = (
    "paid within a month", "receivables", "bank account", "wages", "social security",
    "paid later", "other",
)  # fmt: skip
#: A word that gives a mode away, however the rest is written; the first that is met counts.
_TELLING: Final = {
    "within": BailiffMode.PAID_WITHIN_MONTH, "later": BailiffMode.PAID_LATER,
    "late": BailiffMode.PAID_LATER, "after": BailiffMode.PAID_LATER,
    "month": BailiffMode.PAID_WITHIN_MONTH,
    "early": BailiffMode.PAID_WITHIN_MONTH, "receivable": BailiffMode.RECEIVABLES,
    "receivables": BailiffMode.RECEIVABLES, "account": BailiffMode.BANK_ACCOUNT,
    "wages": BailiffMode.WAGES, "salary": BailiffMode.WAGES,
    "social": BailiffMode.SOCIAL_SECURITY, "pension": BailiffMode.SOCIAL_SECURITY,
    "other": BailiffMode.OTHER, "movables": BailiffMode.OTHER, "property": BailiffMode.OTHER,
    "estate": BailiffMode.OTHER,
}  # fmt: skip


def _read_mode(value: Any) -> BailiffMode:
    words = frozenset(words_of(value))
    for telling, mode in _TELLING.items():
        if telling in words:
            return mode
    raise WrongValue("not_one_of")


_ENDED: Final = {
    "on creditor's motion": Discontinued.BY_CREDITOR,
    "creditor's motion": Discontinued.BY_CREDITOR,
    "creditor": Discontinued.BY_CREDITOR,
    "paid late": Discontinued.PAID_LATE,
    "agreed late": Discontinued.PAID_LATE,
    "before notice": Discontinued.BEFORE_NOTICE,
    "other": Discontinued.OTHERWISE,
    "ineffective": Discontinued.OTHERWISE,
    "pointless": Discontinued.POINTLESS,
    "wrong debtor": Discontinued.POINTLESS,
}
#: Who bears the fee, where the act says so in the text that was read.
_BEARERS: Final = {
    Discontinued.BY_CREDITOR: "creditor",
    Discontinued.PAID_LATE: "debtor",
    Discontinued.OTHERWISE: "creditor",
    Discontinued.POINTLESS: "creditor",
}
_VALUE: Final = needed_above_zero("wps", "value_of_dispute", "claim_value")
_FILED: Final = needed("filing_date", FieldKind.DAY, "filed", "filed_on")
_CLAIM: Final = optional("claim", FieldKind.TEXT, "claim_kind")
_CLAIMANT: Final = word("claimant", _CLAIMANTS, required=False,
                        shown=("bank", "consumer", "business"))  # fmt: skip


_PROCEDURE: Final = word("procedure", _PROCEDURES, shown=_SHOWN)


def _pln(minor: int) -> Money:
    return Money(minor, "PLN")


def _from_banking(values: Values) -> bool:
    return values["claimant"] == "bank" or "bank" in str(values.get("claim") or "").lower()


def compute_fee(values: Values, setting: Setting) -> Answer:
    """The fee on a statement of claim, in whole zlotys."""
    filed_on, procedure = values["filing_date"], values["procedure"]
    fee = court_fee(
        value_of_dispute=_pln(values["wps"]),
        filed_on=filed_on,
        procedure=procedure,
        from_banking=_from_banking(values),
        charged_to_consumer=values["claimant"] == "consumer",
    )
    back = refund_when_final(fee_paid=fee, procedure=procedure, filed_on=filed_on)
    return {
        "fee_pln": plain_money(fee.minor),
        "refund_when_final_pln": plain_money(back.minor),
        "article": "UKSC 13, 19–21",
    }


def compute_costs(values: Values, setting: Setting) -> Answer:
    """The fee, and counsel with the stamp duty on their power of attorney."""
    costs = court_costs(
        value_of_dispute=_pln(values["claim"]),
        filed_on=values["filing_date"],
        procedure=values["procedure"],
        with_counsel=values["with_counsel"],
        from_banking=values["claimant"] == "bank",
    )
    return {
        "court_fee": plain_money(costs.court_fee.minor),
        "representation": plain_money(costs.representation.minor),
        "stamp_duty": plain_money(costs.stamp_duty.minor),
        "total": plain_money(costs.total.minor),
    }


def compute_charges(values: Values, setting: Setting) -> Answer:
    """What the defendant pays for charges against an order in nakazowe."""
    fee = charges_fee(
        value_of_dispute=_pln(values["wps"]),
        filed_on=values["filing_date"],
        charged_to_consumer=values["consumer"],
    )
    return {"fee_pln": plain_money(fee.minor), "article": "UKSC 19 (4)"}


def compute_call(values: Values, setting: Setting) -> Answer:
    """What calling the debtor to an attempt at settlement costs."""
    fee = conciliation_call_fee(
        value_of_dispute=_pln(values["wps"]), filed_on=values["filing_date"]
    )
    return {"fee_pln": plain_money(fee.minor), "article": "UKSC 23a"}


def compute_bailiff(values: Values, setting: Setting) -> Answer:
    """The proportional fee on what was enforced; or the fee when enforcement ends early."""
    on = values["date"] or setting.on
    if values["discontinued"] is not None:
        if values["remaining"] is None:
            raise BadInputs([("remaining", "missing")])
        why: Discontinued = values["discontinued"]
        fee = discontinuance_fee(remaining=_pln(values["remaining"]), why=why, on=on)
        bearer = {"charged_to": _BEARERS[why]} if why in _BEARERS else {}
        return {"fee": money(fee.minor), "article": "UKK 29–30", **bearer}
    missing = [name for name in ("enforced", "mode") if values[name] is None]
    if missing:
        raise BadInputs([(name, "missing") for name in missing])
    fee = bailiff_fee(enforced=_pln(values["enforced"]), mode=values["mode"], on=on)
    return {"fee": money(fee.minor), "article": "UKK 25, 27–28", "charged_to": "debtor"}


def compute_epu(values: Values, setting: Setting) -> Answer:
    """Whether the electronic court takes a claim of that due day."""
    taken = is_admissible_in_epu(
        claim=_pln(values["claim"] or 1),
        due_on=values["due_date"],
        filed_on=values["filing_date"],
    )
    return {"admissible": taken, "article": "KPC 505²⁹ᵃ"}


def compute_refiling(values: Values, setting: Setting) -> Answer:
    """The last day for a lawsuit that keeps the day of filing in the electronic court."""
    last_on = refiling_ends_on(discontinued_on=values["discontinued_on"])
    return {
        "last_day": last_on.isoformat(),
        "keeps": _day(values["epu_filing_date"]),
        "article": "KPC 505³⁷ § 2",
    }


def compute_objection(values: Values, setting: Setting) -> Answer:
    """The last day to pay or to object after an order was served in Poland."""
    last_on = objection_ends_on(
        served_on=values["served_on"], procedure=values["procedure"], calendar=POLAND
    )
    return {"last_day": last_on.isoformat(), "article": "KPC 480²; KC 115"}


def compute_service(values: Values, setting: Setting) -> Answer:
    """Until when service by a bailiff must be proved."""
    last_on = bailiff_service_ends_on(ordered_on=values["ordered_on"])
    return {"last_day": last_on.isoformat(), "article": "KPC 139¹ § 2"}


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None


TOPICS: Final = (
    Topic(
        "court_fee",
        "court",
        (_VALUE, _FILED, _PROCEDURE, _CLAIM, _CLAIMANT),
        compute_fee,
        {"wps": "87654.32", "filing_date": "2026-02-02", "procedure": "EPU"},
        ("fee_pln",),
    ),
    Topic(
        "court_fee_consumer_bank",
        "court",
        (
            _VALUE,
            _FILED,
            word("procedure", _PROCEDURES, required=False, default=Procedure.ORDINARY,
                 shown=_SHOWN),
            _CLAIM,
            _CLAIMANT,
        ),
        compute_fee,
        {"wps": "100022.16", "claimant": "consumer", "claim": "banking activity",
         "filing_date": "2024-05-10"},
        ("fee_pln",),
    ),
    Topic(
        "costs_sum",
        "court",
        (
            needed_above_zero("claim", "wps", "value_of_dispute"),
            _FILED,
            _PROCEDURE,
            optional("with_counsel", FieldKind.FLAG, "counsel", default=False),
            _CLAIMANT,
        ),
        compute_costs,
        {"claim": "510", "filed": "2018-05-24", "procedure": "ordinary", "with_counsel": True},
        ("court_fee", "representation", "stamp_duty", "total"),
    ),
    Topic(
        "court_charges_fee",
        "court",
        (_VALUE, _FILED, optional("consumer", FieldKind.FLAG, default=False)),
        compute_charges,
        {"wps": "18000", "filing_date": "2024-05-10", "consumer": True},
        ("fee_pln",),
    ),
    Topic(
        "conciliation_call_fee",
        "court",
        (_VALUE, _FILED),
        compute_call,
        {"wps": "20000", "filing_date": "2024-05-10"},
        ("fee_pln",),
    ),
    Topic(
        "bailiff_fee",
        "court",
        (
            optional_above_zero("enforced", "amount"),
            Field("mode", FieldKind.WORD, _read_mode, required=False, words=_MODES),
            optional("date", FieldKind.DAY, "on"),
            word("discontinued", _ENDED, "discontinuance", required=False,
                 shown=("creditor's motion", "paid late", "before notice", "pointless", "other")),
            optional_above_zero("remaining"),
        ),
        compute_bailiff,
        {"enforced": "10000", "mode": "bank account"},
        ("fee",),
    ),
    Topic(
        "epu_admissible",
        "court",
        (
            needed("due_date", FieldKind.DAY, "due_on"),
            _FILED,
            optional_above_zero("claim", "wps", "amount"),
        ),
        compute_epu,
        {"due_date": "2021-08-11", "filing_date": "2025-08-27"},
        ("admissible",),
    ),
    Topic(
        "epu_refiling",
        "court",
        (
            needed("discontinued_on", FieldKind.DAY, "discontinued", "discontinuance_date",
                   "order_date", "discontinuance_order"),
            optional("epu_filing_date", FieldKind.DAY, "epu_filed"),
        ),
        compute_refiling,
        {"discontinued_on": "2025-11-28", "epu_filing_date": "2025-06-02"},
        ("last_day",),
        ("epu_refiling_deadline", "epu_refile", "epu_refile_deadline"),
    ),
    Topic(
        "order_objection_deadline",
        "court",
        (needed("served_on", FieldKind.DAY, "served", "delivered"),
         word("procedure", _PROCEDURES, required=False, default=Procedure.UPOMINAWCZE,
              shown=_SHOWN)),
        compute_objection,
        {"served_on": "2026-04-17", "procedure": "EPU"},
        ("last_day",),
        ("payment_order_deadline",),
    ),
    Topic(
        "bailiff_service_deadline",
        "court",
        (needed("ordered_on", FieldKind.DAY, "order_received", "received"),),
        compute_service,
        {"ordered_on": "2026-03-02"},
        ("last_day",),
        ("bailiff_service",),
    ),
)  # fmt: skip
