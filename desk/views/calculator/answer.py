"""An answer as people read it: the figure, what belongs to it, and how it came about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from calculations.fields import FieldKind
from calculations.topic import Answer, Topic
from calculations.values import money, read_day, read_minor, read_percent
from desk.wording.calculation_keys import key_name, word_name
from desk.wording.calculations import warning_text
from staff.figures import format_count, format_day, format_decimal

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONEY: Final = frozenset(
    {"interest", "fee", "fee_pln", "refund_when_final_pln", "court_fee", "representation",
     "stamp_duty", "total", "rest", "max_liability", "cap", "principal", "costs", "fees",
     "contractual_interest", "amount", "base", "absolute_threshold_pln", "residual_interest"}
)  # fmt: skip
_PERCENT: Final = frozenset(
    {"rate_pct", "applied_rate_pct", "maximum_rate_pct", "capital", "capital_max", "delay",
     "delay_max", "commercial", "commercial_public_health", "nbp_reference", "percent",
     "relative_threshold_pct"}
)  # fmt: skip
#: What is shown in a way of its own, or only told to programs.
_APART: Final = frozenset(
    {"segments", "explanation", "looked_at", "hindrances", "warnings", "articles", "article",
     "confirmed_until", "note", "reading", "with"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """``numbers`` are the places of columns with figures; ``total`` is a last row."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int]
    total: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """A condition, its value, what it had to exceed, and whether it did."""

    text: str
    value: str
    limit: str
    held: bool


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    name: str
    value: str
    pairs: list[tuple[str, str]]
    tables: list[Table]
    looks: list[Look]
    hindrances: list[tuple[str, str]]
    warnings: list[str]
    articles: str
    confirmed_until: date | None
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def as_text(self) -> str:
        """For the clipboard: pairs by lines, tables by tabs."""
        lines = [f"{self.name}: {self.value}"]
        lines += [f"{name}: {value}" for name, value in (*self.asked, *self.pairs)]
        for table in self.tables:
            rows = [table.heads, *table.rows, *([table.total] if table.total else [])]
            lines += ["", *("\t".join(row) for row in rows)]
        lines += ["", self.articles, *self.warnings]
        return "\n".join(lines).strip()


def show_answer(topic: Topic, inputs: Mapping[str, Any], answer: Answer) -> ShownAnswer:
    lead = _lead(topic)
    kinds = {f.name: f.kind for f in topic.fields}
    asked = [(n, key_name(n, topic.name), _asked(kinds[n], v)) for n, v in inputs.items()]
    confirmed = answer.get("confirmed_until")
    return ShownAnswer(
        name=key_name(lead, topic.name),
        value=_value(lead, answer[lead])
        if lead in answer
        else next((value for name, _label, value in asked if name == lead), ""),
        pairs=[
            (key_name(key, topic.name), _value(key, value))
            for key, value in answer.items()
            if key not in _APART and key != lead and value is not None
            and not isinstance(value, dict | list)
        ],
        tables=[*_left(answer), *_explained(answer), *_segments(answer)],
        looks=[_look(row) for row in answer.get("looked_at", [])],
        hindrances=[
            (word_name(row["code"]), _hindrance(row)) for row in answer.get("hindrances", [])
        ],
        warnings=[warning_text(warning) for warning in answer.get("warnings", [])],
        articles=", ".join(
            _unbroken(one) for one in answer.get("articles") or [answer.get("article")] if one
        ),
        confirmed_until=date.fromisoformat(confirmed) if confirmed else None,
        asked=[(label, value) for _name, label, value in asked],
    )  # fmt: skip


#: The one figure, where it is not the first that the topic names.
_LEADS: Final = {
    "interest_period_inclusive": "interest",
    "rates_on_date": "delay",
    "costs_sum": "total",
    "limitation_suspension": "last_day",
    "payment_allocation_art451": "payment",
}


def _lead(topic: Topic) -> str:
    """The key of the one figure, of the answer or of what was asked."""
    return _LEADS.get(topic.name, topic.answers[0])


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None:
        return "–"
    if key in _MONEY:
        return f"{format_decimal(Decimal(value), places=2)}\u00a0zł"
    if key in _PERCENT:
        return f"{format_decimal(Decimal(value), places=2)}\u00a0%"
    if isinstance(value, str) and _DAY.fullmatch(value):
        return format_day(date.fromisoformat(value))
    return format_count(value) if isinstance(value, int) else word_name(str(value))


def _plain(text: str) -> str:
    """A figure without its unit, which stands in the heading."""
    return format_decimal(Decimal(text), places=2)


def _segments(answer: Answer) -> list[Table]:
    rows = answer.get("segments")
    if not rows:
        return []
    return [
        Table(
            _("How it adds up"),
            [_("From"), _("To"), _("Days"), _("% a year"), _("Base, zł"), _("Interest, zł")],
            [
                [
                    _value("", row["from"]),
                    _value("", row["to"]),
                    format_count(row["days"]),
                    _plain(row["rate_pct"]),
                    _plain(row["base"]),
                    _plain(row["amount"]),
                ]
                for row in rows
            ],
            frozenset({2, 3, 4, 5}),
            [_("Together"), "", format_count(answer["days"]), "", "", _plain(answer["interest"])],
        )
    ]


def _left(answer: Answer) -> list[Table]:
    """What is left of each debt."""
    debts = {key: value for key, value in answer.items() if isinstance(value, dict)}
    if not debts:
        return []
    parts = sorted({part for left in debts.values() for part in left})
    return [
        Table(
            _("What is left, zł"),
            [_("Debt"), *(key_name(part) for part in parts)],
            [
                [
                    key.removeprefix("debt"),
                    *(_plain(left[part]) if part in left else "–" for part in parts),
                ]
                for key, left in debts.items()
            ],
            frozenset(range(1, len(parts) + 1)),
        )
    ]


def _explained(answer: Answer) -> list[Table]:
    """Which rule took which part of a payment."""
    if "explanation" not in answer:
        return []
    rows = [
        [debt["debt"], key_name(part["part"]), _plain(part["amount"]), word_name(part["rule"]),
         f"{word_name(debt['rule'])}, {_unbroken(debt['article'])}"]
        for debt in answer["explanation"]
        for part in debt["parts"]
    ]  # fmt: skip
    heads = [_("Debt"), _("Part"), _("Paid, zł"), _("Why this part"), _("Why this debt")]
    return [Table(_("Where the payment went"), heads, rows, frozenset({2}))]


def _unbroken(article: str) -> str:
    return article.replace(" ", "\u00a0")


def _look(row: Mapping[str, Any]) -> Look:
    name = row["name"]
    return Look(
        key_name(name), _value(name, row["value"]), _value(name, row["must_exceed"]),
        bool(row["exceeded"]),
    )  # fmt: skip


def _hindrance(row: Mapping[str, Any]) -> str:
    limit = row["limit"]
    if limit is None:
        return str(row["article"])
    texts = {
        "below_minimum": _("at least %(limit)s zł"),
        "not_overdue_long_enough": _("at least %(limit)s days"),
        "notice_too_recent": _("from %(limit)s on"),
        "too_old": _("until %(limit)s"),
    }
    text = texts[row["code"]] % {"limit": _value("", limit)}
    return f"{text}, {row['article']}"


def _asked(kind: FieldKind, value: Any) -> str:
    """What was entered, written as figures are; it has been read without a fault."""
    if isinstance(value, list):
        return _with_days("; ".join(" ".join(row) for row in value))
    text = str(value)
    if kind is FieldKind.AMOUNT:
        return _value("amount", money(read_minor(text)))
    if kind is FieldKind.DAY:
        return format_day(read_day(text))
    if kind is FieldKind.PERCENT:
        return f"{format_decimal(read_percent(text), places=2)}\u00a0%"
    if kind is FieldKind.FLAG:
        return _("yes") if text == "yes" else _("no")
    return word_name(text) if kind is FieldKind.WORD else _with_days(text)


def _with_days(text: str) -> str:
    return _DAY.sub(lambda found: format_day(read_day(found[0])), text)
