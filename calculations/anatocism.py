"""Interest on overdue interest: from the lawsuit for it, or by a later agreement (KC 482)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from calculations.fields import BadInputs, Field, FieldKind, optional
from calculations.interest import figures
from calculations.tariffs import RATE_FIELDS, choose_tariff
from calculations.topic import Answer, Setting, Topic, Values, warning
from calculations.values import read_flag_or_day
from kernel.calendar import POLAND
from ledger.interest import ANATOCISM_ARTICLE, BaseStep, Ground, interest_between

_DAY: Final = timedelta(days=1)
#: For each ground the key that says whether, or when, and the one that says when.
_GROUNDS: Final = (
    (Ground.LAWSUIT, "lawsuit_filed", "lawsuit_date"),
    (Ground.LATER_AGREEMENT, "agreement_after_arrears", "agreement_date"),
)


def compute_anatocism(values: Values, setting: Setting) -> Answer:
    """Whether overdue interest bears interest itself, since when, and how much."""
    overdue_since = _overdue_since(values)
    starts: list[tuple[date, Ground]] = []
    missing: list[str] = []
    idle: list[str] = []
    for ground, told, day in _GROUNDS:
        on = _day(values, told, day)
        if on is None:
            missing += [day] if values[told] else []
        elif overdue_since is None or on >= overdue_since:
            starts.append((on, ground))
        elif ground is Ground.LAWSUIT:
            # what is sued for before it is due bears interest as soon as it is overdue
            starts.append((overdue_since, ground))
        else:
            idle.append(day)
    warnings = [warning("changes_nothing", keys=idle)] if idle else []
    answer: Answer = {
        "allowed": bool(starts or missing),
        "article": ANATOCISM_ARTICLE,
        "warnings": warnings,
    }
    if not answer["allowed"]:
        return {**answer, "interest": "0.00"}
    if starts:
        since, ground = min(starts)
        answer |= {"from": since.isoformat(), "ground": ground.value}
        missing = []
    overdue, last_on = values["overdue_interest"], values["payment_date"]
    missing += ["payment_date"] if last_on is None else []
    if overdue is None or missing:
        if overdue is not None:
            warnings.append(warning("missing_for_interest", keys=missing))
        return answer
    found = _interest(values, since, setting)
    return answer | found | {"warnings": [*warnings, *found["warnings"]]}


def _interest(values: Values, since: date, setting: Setting) -> Answer:
    chosen = choose_tariff(values)
    found = figures(
        interest_between(
            bases=[BaseStep(since, values["overdue_interest"])],
            first_on=since,
            last_on=values["payment_date"],
            tariff=chosen.tariff,
            rates=setting.rates,
        ),
        chosen,
        setting.rates,
    )
    return found | {"articles": [*found["articles"], ANATOCISM_ARTICLE]}


def _day(values: Values, told: str, day: str) -> date | None:
    """The day of a ground; whether there is one may be answered with the day at once."""
    at_once: date | None = values[told] if isinstance(values[told], date) else None
    if at_once is not None and values[day] not in (None, at_once):
        raise BadInputs([(f"{day}, {told}", "given_twice")])
    return values[day] or at_once


def _overdue_since(values: Values) -> date | None:
    """The first day of arrears: the one after the due day as art. 115 moves it."""
    since: date | None = values["overdue_since"]
    if values["due_date"] is None:
        return since
    first = POLAND.end_of_term(values["due_date"]) + _DAY
    if since not in (None, first):
        raise BadInputs([("overdue_since, due_date", "given_twice")])
    return first


def _told(name: str, *aliases: str) -> Field:
    return Field(name, FieldKind.FLAG, read_flag_or_day, required=False, default=False,
                 aliases=aliases)  # fmt: skip


TOPICS: Final = (
    Topic(
        "interest_on_interest",
        "interest",
        (
            optional("overdue_interest", FieldKind.AMOUNT, "interest", "amount", "overdue"),
            optional("lawsuit_date", FieldKind.DAY, "filing_date", "lawsuit_filed_on"),
            optional("agreement_date", FieldKind.DAY, "agreed_on"),
            optional("overdue_since", FieldKind.DAY, "arrears_since"),
            replace(optional("due_date", FieldKind.DAY, "due_on", "due"), quiet=True),
            _told("lawsuit_filed", "lawsuit"),
            _told("agreement_after_arrears", "agreement"),
            optional("payment_date", FieldKind.DAY, "paid_on", "to_date"),
            *RATE_FIELDS,
        ),
        compute_anatocism,
        {"overdue_interest": "500.00", "lawsuit_date": "2025-02-03", "payment_date": "2025-12-31"},
        ("allowed",),
        ("anatocism", "anatocism_allowed", "anatocism_art482", "compound_interest",
         "interest_on_overdue_interest"),
    ),
)  # fmt: skip
