"""Limitation: the last day on which a claim may be demanded, and what moved it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from calculations.fields import BadInputs, Field, FieldKind, optional, word
from calculations.topic import Answer, Setting, Topic, Values
from calculations.values import WrongValue, read_day
from debtors.limitation import (
    ClaimKind,
    Limitation,
    Pause,
    PauseInvalid,
    Term,
    Transition,
    limitation,
    term_of,
)

_DAY: Final = timedelta(days=1)
_MOST_YEARS: Final = 100
_KINDS: Final = {
    "bank": ClaimKind.BANK,
    "bank instalment": ClaimKind.BANK,
    "bank loan": ClaimKind.BANK,
    "loan": ClaimKind.BANK,
    "loan instalment": ClaimKind.BANK,
    "credit": ClaimKind.BANK,
    "business": ClaimKind.BANK,
    "periodic": ClaimKind.PERIODIC,
    "interest": ClaimKind.PERIODIC,
    "general": ClaimKind.GENERAL,
    "private loan": ClaimKind.GENERAL,
    "final judgment": ClaimKind.JUDGMENT,
    "judgment": ClaimKind.JUDGMENT,
    "court settlement": ClaimKind.JUDGMENT,
    "future interest in a judgment": ClaimKind.JUDGMENT_PERIODIC,
    "judgment future interest": ClaimKind.JUDGMENT_PERIODIC,
    "sale": ClaimKind.SALE,
    "account": ClaimKind.ACCOUNT,
    "overdraft": ClaimKind.ACCOUNT,
    "bank account": ClaimKind.ACCOUNT,
    "consumer": ClaimKind.GENERAL,
    "consumer claim": ClaimKind.GENERAL,
}
_SHOWN: Final = (
    "bank", "periodic", "general", "judgment", "judgment future interest", "sale", "account"
)  # fmt: skip
_CREDITORS: Final = {
    "consumer": True, "konsument": True, "bank": False, "business": False, "entrepreneur": False,
    "other": False, "any": False,
}  # fmt: skip


def _read_pause(value: Any) -> Pause:
    """``["2023-02-01", "2023-05-02"]``, or an object with ``from`` and ``to``; days included."""
    if isinstance(value, dict):
        value = [value.get("from"), value.get("to")]
    if isinstance(value, str):
        value = value.replace("–", " ").replace(",", " ").split()
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise WrongValue("not_two_days")
    return Pause(*(read_day(day) for day in value))


def _pause(name: str, *aliases: str) -> Field:
    return Field(name, FieldKind.TEXT, _read_pause, required=False, aliases=aliases)


_KIND: Final = word("claim", _KINDS, "kind", required=False, shown=_SHOWN)
_START: Final = optional("start", FieldKind.DAY, "due_on", "start_on", "claim_due")
_LAST_DAY_TO_PAY: Final = optional("last_day_to_pay", FieldKind.DAY, "due_date")
_YEARS: Final = optional("years", FieldKind.WHOLE, "new_years")
_OLD_YEARS: Final = optional("old_years", FieldKind.WHOLE)
_CREDITOR: Final = word("creditor", _CREDITORS, "claim_of", "claimant", required=False,
                        default=False, shown=("consumer", "bank", "other"))  # fmt: skip
_AGAINST: Final = replace(optional("against", FieldKind.TEXT, "debtor"), quiet=True)
_RESTART: Final = optional("interrupted_on", FieldKind.DAY, "acknowledged_on", "proceedings_ended")


def _start(values: Values) -> date:
    """The first day on which the claim can be demanded."""
    start: date | None = values["start"]
    last: date | None = values["last_day_to_pay"]
    if start is not None:
        return start
    if last is None:
        raise BadInputs([("start", "missing")])
    return last + _DAY


def _term(values: Values) -> Term:
    kind: ClaimKind | None = values["claim"]
    known = term_of(kind or ClaimKind.BANK)
    years, old_years = values["years"], values["old_years"]
    if years is None and kind is None:
        raise BadInputs([("years", "missing")])
    for name in ("years", "old_years"):
        if values[name] is not None and not 1 <= values[name] <= _MOST_YEARS:
            raise BadInputs([(name, "out_of_range")])
    now = known.years if years is None else years
    before = old_years or (known.old_years if years is None else now)
    return Term(now, before, known.disputed and kind is not None, values["creditor"])


def _find(values: Values, pauses: list[Pause]) -> Limitation:
    start, term = _start(values), _term(values)
    anew: date | None = values["interrupted_on"]
    try:
        found = limitation(start_on=start, term=term, pauses=pauses)
        if anew is not None and start <= anew <= found.last_on:
            found = limitation(start_on=anew, term=term, pauses=pauses)
    except PauseInvalid:
        raise BadInputs([("mediation", "ends_before_it_begins")]) from None
    return found


def _answer(found: Limitation, values: Values, setting: Setting) -> Answer:
    return {
        "last_day": found.last_on.isoformat(),
        "last_day_safe": found.safe_on.isoformat(),
        "last_day_year_end": found.year_end_on.isoformat(),
        "old_would_end": found.old_end_on.isoformat() if found.old_end_on else None,
        "rule": found.transition.value,
        "barred": setting.on > found.last_on,
        "articles": _articles(found),
        "reading": "the term runs from the first day on which the claim can be demanded",
    }


def _articles(found: Limitation) -> list[str]:
    articles = ["KC 118"]
    if found.old_end_on is not None:
        articles.append("Dz.U. 2018/1104 art. 5")
    if found.safe_on != found.year_end_on:
        articles.append("KC 125 § 1")
    if found.suspended_days:
        articles.append("KC 121 pkt 5–6")
    if found.restarted_on:
        articles.append("Dz.U. 2021/2459 art. 8")
    return articles


def compute_end(values: Values, setting: Setting) -> Answer:
    """The last day of a claim."""
    return _answer(_find(values, []), values, setting)


def compute_suspension(values: Values, setting: Setting) -> Answer:
    """The last day with mediation or conciliation, and without."""
    pauses = [values[name] for name in ("mediation", "conciliation") if values[name]]
    if not pauses:
        raise BadInputs([("mediation", "missing")])
    without, found = _find(values, []), _find(values, pauses)
    note = (
        f"suspended days are added before the year-end step: {without.bare_on} +"
        f" {found.suspended_days} d = {found.bare_on} -> {found.last_on}"
        if found.transition is Transition.NEW_LAW and not found.restarted_on
        else ""
    )
    return {
        **_answer(found, values, setting),
        "without": without.last_on.isoformat(),
        "with": found.last_on.isoformat(),
        "suspended_days": found.suspended_days,
        "interrupted": found.restarted_on is not None,
        "note": note,
    }


_FIELDS: Final = (_START, _LAST_DAY_TO_PAY, _YEARS, _KIND, _OLD_YEARS, _CREDITOR, _AGAINST,
                  _RESTART)  # fmt: skip

TOPICS: Final = (
    Topic(
        "limitation_end",
        "limitation",
        _FIELDS,
        compute_end,
        {"start": "2022-12-20", "years": 3},
        ("last_day",),
        ("limitation",),
    ),
    Topic(
        "limitation_transition",
        "limitation",
        _FIELDS,
        compute_end,
        {"claim": "final judgment", "start": "2016-05-10", "old_years": 10, "new_years": 6,
         "against": "any"},
        ("last_day", "last_day_safe", "last_day_year_end", "old_would_end"),
    ),
    Topic(
        "limitation_suspension",
        "limitation",
        (
            *_FIELDS,
            _pause("mediation"),
            _pause("conciliation", "conciliation_call", "zawezwanie"),
        ),
        compute_suspension,
        {"start": "2021-05-10", "years": 3, "mediation": ["2023-02-01", "2023-05-02"]},
        ("without", "suspended_days", "last_day"),
    ),
)  # fmt: skip
