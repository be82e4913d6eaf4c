"""Default, forbearance and stages; entries in bureaus; what heirs answer for."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from calculations.fields import BadInputs, FieldKind, needed, optional, word
from calculations.topic import Answer, Setting, Topic, Values, warning
from calculations.values import money, plain_money, plain_percent
from debtors.bureau_entry import Barrier, BureauFacts, hindrances
from debtors.default_rules import Segment, clocks, thresholds
from debtors.forbearance import ForbearanceExit, NotForborneThen, forbearance_exit
from debtors.succession import Acceptance, heir_liability_minor

#: A month counted in days where no calendar day is given (art. 114 of the Civil Code).
_MONTH_DAYS: Final = 30
#: A hundred years: a longer count is a slip of the hand.
_MOST_DAYS: Final = 36_525
_SEGMENTS: Final = {
    "retail": Segment.RETAIL, "consumer": Segment.RETAIL, "detaliczny": Segment.RETAIL,
    "detaliczna": Segment.RETAIL, "individual": Segment.RETAIL, "konsument": Segment.RETAIL,
    "other": Segment.OTHER, "corporate": Segment.OTHER, "non-retail": Segment.OTHER,
    "nonretail": Segment.OTHER, "sme": Segment.OTHER, "business": Segment.OTHER,
    "company": Segment.OTHER, "enterprise": Segment.OTHER, "institution": Segment.OTHER,
    "firma": Segment.OTHER, "niedetaliczny": Segment.OTHER, "niedetaliczna": Segment.OTHER,
    "inny": Segment.OTHER,
}  # fmt: skip
_DEBTORS: Final = {
    "consumer": True, "konsument": True, "person": True,
    "business": False, "non-consumer": False, "company": False, "entrepreneur": False,
    "corporate": False, "firm": False,
}  # fmt: skip
_ACCEPTANCES: Final = {
    "benefit of inventory": Acceptance.BENEFIT_OF_INVENTORY,
    "with benefit of inventory": Acceptance.BENEFIT_OF_INVENTORY,
    "inventory": Acceptance.BENEFIT_OF_INVENTORY,
    "silence": Acceptance.BENEFIT_OF_INVENTORY,
    "simple": Acceptance.SIMPLE,
    "simple acceptance": Acceptance.SIMPLE,
    "outright": Acceptance.SIMPLE,
    "unconditional": Acceptance.SIMPLE,
    "full": Acceptance.SIMPLE,
    "without benefit of inventory": Acceptance.SIMPLE,
    "rejected": Acceptance.REJECTED,
    "rejection": Acceptance.REJECTED,
    "renounced": Acceptance.REJECTED,
    "not yet": Acceptance.NOT_YET,
    "none": Acceptance.NOT_YET,
    "before acceptance": Acceptance.NOT_YET,
}


def compute_default(values: Values, setting: Setting) -> Answer:
    """Both thresholds exceeded, for more than ninety days in a row."""
    on = values["date"] or setting.on
    rule = thresholds(segment=values["segment"], currency="PLN", on=on)
    overdue, exposure = values["overdue_pln"], values["exposure_pln"]
    days = values["consecutive_days_above"]
    material = rule.is_material(overdue_minor=overdue, exposure_minor=exposure)
    share = Decimal(overdue) * 100 / exposure if exposure else None
    return {
        "default": rule.is_default(
            overdue_minor=overdue, exposure_minor=exposure, days_above=days
        ),
        "material": material,
        "looked_at": [
            _look("absolute_threshold_pln", money(overdue), money(rule.absolute_minor),
                  held=overdue > rule.absolute_minor),
            _look("relative_threshold_pct", None if share is None else f"{share:.2f}",
                  plain_percent(rule.relative_percent),
                  held=overdue * 100 > rule.relative_percent * exposure),
            _look("consecutive_days_above", days, rule.days, held=days > rule.days),
        ],
        "articles": ["CRR 178", "Dz.U. 2019/1960 § 2"],
    }  # fmt: skip


def _look(name: str, value: Any, limit: Any, *, held: bool) -> dict[str, Any]:
    return {"name": name, "value": value, "must_exceed": limit, "exceeded": held}


def compute_forbearance(values: Values, setting: Setting) -> Answer:
    """The earliest end of being forborne."""
    granted_on, performing_since = values["forborne_on"], values["becomes_performing"]
    non_performing = values["was_non_performing"]
    if non_performing is None:
        # what becomes performing was not so before
        non_performing = performing_since is not None and performing_since > granted_on
    events: dict[str, date | None] = {
        "new_measure_on": values["new_measure_on"],
        "past_due_on": values["past_due_over_30_days_on"],
    }

    def find(**events: date | None) -> ForbearanceExit:
        return forbearance_exit(
            granted_on=granted_on,
            was_non_performing=non_performing,
            clocks=clocks(on=setting.on),
            performing_since=performing_since,
            **events,
        )

    try:
        found = find(**events)
    except NotForborneThen:
        raise BadInputs([("forborne_on", "after_what_followed_it")]) from None
    arrears_count = not events["past_due_on"] or find(**events | {"past_due_on": None}) != found
    idle = [] if arrears_count else ["past_due_over_30_days_on"]
    if performing_since is not None and performing_since > granted_on and not non_performing:
        idle.append("becomes_performing")
    return {
        "earliest_exit": found.earliest_exit_on.isoformat(),
        "min_years": found.min_years,
        "earliest_performing": found.performing_on.isoformat(),
        "articles": ["FINREP Annex V", "Q&A 2014_1018"],
        "warnings": [warning("changes_nothing", keys=idle)] if idle else [],
    }


def compute_stage(values: Values, setting: Setting) -> Answer:
    """A hint by days past due, default and forbearance; the bank's own model decides."""
    rule, days = clocks(on=setting.on), values["days_past_due"]
    if values["default"] or days > rule.stage_3_days:
        return {"stage": 3, "article": "IFRS 9 B5.5.37"}
    if values["forborne"] or days > rule.stage_2_days:
        return {"stage": 2, "article": "IFRS 9 5.5.11"}
    return {"stage": 1, "article": "IFRS 9 5.5.5"}


def compute_bureau(values: Values, setting: Setting) -> Answer:
    """Whether the debt may be entered, and everything that stands in the way."""
    on = values["date"] or setting.on
    warnings = []
    noticed_on: date | None = values["notice_sent_on"]
    counted = noticed_on is None and values["days_since_notice"] is not None
    if counted:
        if values["days_since_notice"] > _MOST_DAYS:
            raise BadInputs([("days_since_notice", "out_of_range")])
        noticed_on = _noticed_on(on, values["days_since_notice"])
        warnings.append(warning("month_counted_as_30_days", article="KC 114"))
    found = hindrances(
        BureauFacts(
            on=on,
            is_consumer=values["debtor"],
            total_due=Decimal(values["total_due"]).scaleb(-2),
            overdue_days=values["overdue_days"],
            noticed_on=noticed_on,
            claim_on=values["claim_due_on"],
            objection_explained=values["objection_explained"],
        )
    )
    return {
        "allowed": not found,
        "hindrances": [
            {
                "code": one.barrier.value,
                # a day that was counted back is no day to tell of
                "limit": None
                if counted and one.barrier is Barrier.NOTICE_TOO_RECENT
                else _limit(one.limit),
                "article": one.article,
            }
            for one in found
        ],
        "warnings": warnings,
    }


def _noticed_on(on: date, days: int) -> date:
    """A day that is a month ago exactly when thirty days are: for a count without a calendar."""
    enough = days >= _MONTH_DAYS
    return on - timedelta(days=max(days, 31)) if enough else on - timedelta(days=min(days, 27))


def _limit(limit: Decimal | date | None) -> str | None:
    if isinstance(limit, date):
        return limit.isoformat()
    return None if limit is None else plain_percent(limit)


def compute_heir(values: Values, setting: Setting) -> Answer:
    """The most that can be demanded of an heir."""
    most = heir_liability_minor(
        estate_minor=values["estate_assets"],
        debt_minor=values["loan"],
        acceptance=values["acceptance"],
    )
    return {"max_liability": plain_money(most), "article": "KC 1030–1031"}


TOPICS: Final = (
    Topic(
        "default_flag",
        "status",
        (
            word("segment", _SEGMENTS, shown=("retail", "other")),
            needed("overdue_pln", FieldKind.AMOUNT, "overdue"),
            needed("exposure_pln", FieldKind.AMOUNT, "exposure"),
            needed("consecutive_days_above", FieldKind.WHOLE, "days", "days_past_due"),
            optional("date", FieldKind.DAY, "on"),
        ),
        compute_default,
        {"segment": "retail", "overdue_pln": "401", "exposure_pln": "30000",
         "consecutive_days_above": 91},
        ("default",),
        ("default_status", "default"),
    ),
    Topic(
        "forbearance_exit",
        "status",
        (
            needed("forborne_on", FieldKind.DAY, "granted_on", "forbearance_date"),
            optional("was_non_performing", FieldKind.FLAG, "non_performing"),
            optional("becomes_performing", FieldKind.DAY, "performing_on", "performing_since"),
            optional("new_measure_on", FieldKind.DAY, "new_forbearance_on", "re_forborne_on"),
            optional("past_due_over_30_days_on", FieldKind.DAY, "over_30_dpd_on"),
        ),
        compute_forbearance,
        {"forborne_on": "2023-03-01", "was_non_performing": True,
         "becomes_performing": "2024-03-01"},
        ("earliest_exit", "min_years"),
        ("forbearance",),
    ),
    Topic(
        "ifrs9_stage",
        "status",
        (
            needed("days_past_due", FieldKind.WHOLE, "dpd"),
            optional("default", FieldKind.FLAG, default=False),
            optional("forborne", FieldKind.FLAG, default=False),
        ),
        compute_stage,
        {"days_past_due": 45},
        ("stage",),
        ("ifrs_stage", "stage"),
    ),
    Topic(
        "big_entry_allowed",
        "status",
        (
            word("debtor", _DEBTORS, shown=("consumer", "business")),
            needed("total_due", FieldKind.AMOUNT, "amount"),
            needed("overdue_days", FieldKind.WHOLE, "days_overdue"),
            optional("days_since_notice", FieldKind.WHOLE),
            optional("notice_sent_on", FieldKind.DAY, "notice_sent"),
            optional("claim_due_on", FieldKind.DAY, "due_date", "judgment_date"),
            optional("objection_explained", FieldKind.FLAG, default=True),
            optional("date", FieldKind.DAY, "on"),
        ),
        compute_bureau,
        {"debtor": "consumer", "total_due": "199.99", "overdue_days": 60, "days_since_notice": 45},
        ("allowed",),
        ("big_entry",),
    ),
    Topic(
        "heir_liability",
        "status",
        (
            needed("estate_assets", FieldKind.AMOUNT, "estate"),
            needed("loan", FieldKind.AMOUNT, "debt"),
            word("acceptance", _ACCEPTANCES,
                 shown=("benefit of inventory", "simple", "rejected", "not yet")),
        ),
        compute_heir,
        {"estate_assets": "3000", "loan": "10000", "acceptance": "benefit of inventory"},
        ("max_liability",),
    ),
)  # fmt: skip
