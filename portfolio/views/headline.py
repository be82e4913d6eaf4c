"""The six figures at the head of a board, each with its formula and how it has changed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portfolio.entries import EntryKind
from portfolio.periods import Stretch
from portfolio.queries import CurrencyBook, Flows, Roll
from portfolio.views.asked import BoardAsked
from portfolio.views.formulas import Formula, Term
from staff.figures import (
    EN_DASH,
    NBSP,
    NOTHING,
    format_count,
    format_day,
    format_decimal,
    format_money,
    format_scaled,
    format_short_day,
    scale_for,
    scaled_unit,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """``delta`` is the difference with its sign, ``against`` what it is held against."""

    name: str
    value: str
    unit: str
    url: str
    cohort: str
    formula: Formula
    delta: str = ""
    against: str = ""


@dataclass(frozen=True, slots=True)
class CurrencyFigures:
    """What the headline of one currency is reckoned from."""

    book: CurrencyBook
    since: CurrencyBook | None
    flows: Flows
    flows_before: Flows | None
    roll: Roll | None
    roll_before: Roll | None
    target_minor: int | None = None


def scaled(minor: int, currency: str, *, signed: bool = False) -> tuple[str, str]:
    """The number and its unit: ``18,4`` and ``mln zł``."""
    scale = scale_for(abs(minor), currency)
    sign = "+" if signed and minor > 0 else ""
    unit = scaled_unit(currency, scale, get_language() or "en")
    return sign + format_scaled(minor, currency, scale), unit


_WORD_JOINER: Final = "\u2060"


def scaled_money(minor: int, currency: str, *, signed: bool = False) -> str:
    return NBSP.join(scaled(minor, currency, signed=signed))


def stretch_name(stretch: Stretch) -> str:
    """``01.11–22.11``"""
    first, last = format_short_day(stretch.first), format_short_day(stretch.through)
    # No line ends between the days.
    return first if first == last else f"{first}{_WORD_JOINER}{EN_DASH}{_WORD_JOINER}{last}"


def headline(found: CurrencyFigures, asked: BoardAsked) -> list[Figure]:
    return [
        _overdue(found, asked),
        _open_cases(found, asked),
        _paid(found, asked),
        _cured(found, asked),
        _kept(found, asked),
        _in_default(found, asked),
    ]


def _since(asked: BoardAsked) -> str:
    """``since 31.10``"""
    assert asked.stretch is not None
    return _("since %(day)s") % {"day": format_short_day(asked.stretch.after)}


def _against(asked: BoardAsked) -> str:
    """``against 01.10–22.10``"""
    assert asked.before is not None
    return _("against %(days)s") % {"days": stretch_name(asked.before)}


def _overdue(found: CurrencyFigures, asked: BoardAsked) -> Figure:
    currency, total = found.book.currency, found.book.total
    value, unit = scaled(total.due_minor, currency)
    url = asked.cases_url(currency)
    delta = total.due_minor - found.since.total.due_minor if found.since else None
    return Figure(
        _("Overdue"), value, unit, url, _("what is due and not paid"),
        Formula(
            _("Overdue"),
            _("what is due and not paid on all debts of the cases open at the close of %(day)s")
            % {"day": format_day(asked.on)},
            (),
            format_money(total.due_minor, currency),
            _("with what is not yet due: %(amount)s")
            % {"amount": format_money(total.outstanding_minor, currency)},
        ),
        scaled_money(delta, currency, signed=True) if delta is not None else "",
        _since(asked) if delta is not None else "",
    )  # fmt: skip


def _open_cases(found: CurrencyFigures, asked: BoardAsked) -> Figure:
    currency, cases = found.book.currency, found.book.total.cases
    delta = cases - found.since.total.cases if found.since else None
    late = sum(found.book.of_bucket(place).cases for place in range(1, 7))
    return Figure(
        _("Open cases"), format_count(cases), "", asked.cases_url(currency),
        _("debtors, not accounts"),
        Formula(
            _("Open cases"),
            _("debtors with a case open at the close of %(day)s and a debt in %(currency)s")
            % {"day": format_day(asked.on), "currency": currency},
            (),
            format_count(cases),
            _("of them past due: %(count)s") % {"count": format_count(late)},
        ),
        _signed_count(delta) if delta is not None else "",
        _since(asked) if delta is not None else "",
    )  # fmt: skip


def _signed_count(number: int) -> str:
    return ("+" if number > 0 else "") + format_count(number)


def _paid(found: CurrencyFigures, asked: BoardAsked) -> Figure:
    currency, stretch = found.book.currency, asked.stretch
    if stretch is None:
        return _not_yet(_("Paid"), _("payments in the period"))
    paid = found.flows[EntryKind.PAID]
    value, unit = scaled(paid.money_minor, currency)
    url = asked.lines_url(EntryKind.PAID, currency=currency, since=stretch.after)
    delta, against = "", ""
    if found.target_minor:
        share = Decimal(paid.money_minor) * 100 / found.target_minor
        delta = f"{format_decimal(share, places=0)}{NBSP}%"
        against = _("of the target to date, %(amount)s") % {
            "amount": scaled_money(found.target_minor, currency)
        }
    elif found.flows_before is not None:
        change = paid.money_minor - found.flows_before[EntryKind.PAID].money_minor
        delta, against = scaled_money(change, currency, signed=True), _against(asked)
    return Figure(
        _("Paid %(days)s") % {"days": stretch_name(stretch)}, value, unit, url,
        _("payments less what was taken back"),
        Formula(
            _("Paid"),
            _("payments posted from %(first)s to %(last)s on cases that were open, less reversals")
            % {"first": format_day(stretch.first), "last": format_day(stretch.through)},
            (),
            format_money(paid.money_minor, currency),
            _("of it off what was due: %(amount)s")
            % {"amount": format_money(paid.due_minor, currency)},
        ),
        delta, against,
    )  # fmt: skip


def _cured(found: CurrencyFigures, asked: BoardAsked) -> Figure:
    currency, stretch, roll = found.book.currency, asked.stretch, found.roll
    if stretch is None or roll is None or not roll.late.due_minor:
        return _not_yet(_("Cured"), _("by value, of what was past due"))
    cured, late = roll.cured, roll.late
    share = Decimal(cured.due_minor) / late.due_minor
    url = asked.rolled_url(currency, days={"days_past_due_min": "1"}, outcome="cured")
    whole = asked.rolled_url(currency, days={"days_past_due_min": "1"})
    delta, against = "", ""
    if found.roll_before is not None and found.roll_before.late.due_minor:
        before = found.roll_before
        delta = _points(share - Decimal(before.cured.due_minor) / before.late.due_minor)
        against = _against(asked)
    value = format_decimal(share * 100, places=1)
    by_count = format_decimal(Decimal(cured.cases) * 100 / late.cases, places=1)
    return Figure(
        _("Cured"), value, "%", url if cured.cases else whole,
        _("by value, of what was past due on %(day)s") % {"day": format_short_day(stretch.after)},
        Formula(
            _("Cured"),
            _("overdue of the cases past due at the close of %(since)s that are not past due at"
              " the close of %(day)s and were not written off ÷ overdue of all of those cases")
            % {"since": format_day(stretch.after), "day": format_day(stretch.through)},
            (Term(scaled_money(cured.due_minor, currency), url if cured.cases else ""),
             Term(scaled_money(late.due_minor, currency), whole)),
            f"{value}{NBSP}%",
            _("variant by number of cases: %(share)s %%") % {"share": by_count},
        ),
        delta, against,
    )  # fmt: skip


def _kept(found: CurrencyFigures, asked: BoardAsked) -> Figure:
    currency, stretch, flows = found.book.currency, asked.stretch, found.flows
    kept, broken = flows[EntryKind.PROMISE_KEPT], flows[EntryKind.PROMISE_BROKEN]
    due = kept.plus(broken)
    if stretch is None or not due.entries:
        return _not_yet(_("Promises kept"), _("by number, of those due in the period"))
    url = asked.lines_url(EntryKind.PROMISE_KEPT, currency=currency, since=stretch.after)
    whole = asked.lines_url(
        EntryKind.PROMISE_KEPT, EntryKind.PROMISE_BROKEN, currency=currency, since=stretch.after
    )
    share = Decimal(kept.entries) / due.entries
    value = format_decimal(share * 100, places=1)
    by_value = format_decimal(Decimal(kept.money_minor) * 100 / due.money_minor, places=1)
    delta, against = "", ""
    if found.flows_before is not None:
        before = found.flows_before[EntryKind.PROMISE_KEPT]
        due_before = before.plus(found.flows_before[EntryKind.PROMISE_BROKEN])
        if due_before.entries:
            delta = _points(share - Decimal(before.entries) / due_before.entries)
            against = _against(asked)
    return Figure(
        _("Promises kept"), value, "%", url if kept.entries else whole,
        _("by number, of %(count)s that were due") % {"count": format_count(due.entries)},
        Formula(
            _("Promises kept"),
            _("promises due from %(first)s to %(last)s whose whole amount came in time"
              " ÷ all that were due then; open and withdrawn ones are not counted")
            % {"first": format_day(stretch.first), "last": format_day(stretch.through)},
            (Term(format_count(kept.entries), url if kept.entries else ""),
             Term(format_count(due.entries), whole)),
            f"{value}{NBSP}%",
            _("variant by amount promised: %(share)s %%") % {"share": by_value},
        ),
        delta, against,
    )  # fmt: skip


def _in_default(found: CurrencyFigures, asked: BoardAsked) -> Figure:
    currency, total = found.book.currency, found.book.total
    if not total.outstanding_minor:
        return _not_yet(_("In default"), _("by value, of what is outstanding"))
    share = Decimal(total.default_minor) / total.outstanding_minor
    whole = asked.cases_url(currency)
    url = asked.cases_url(currency, in_default=True) if total.default_cases else ""
    delta = ""
    if found.since and found.since.total.outstanding_minor:
        before = found.since.total
        delta = _points(share - Decimal(before.default_minor) / before.outstanding_minor)
    value = format_decimal(share * 100, places=1)
    by_count = format_decimal(Decimal(total.default_cases) * 100 / total.cases, places=1)
    return Figure(
        _("In default"), value, "%", url or whole,
        _("by value, of what is outstanding"),
        Formula(
            _("In default"),
            _("outstanding on the debts in default (CRR art. 178) of the cases open at the close"
              " of %(day)s ÷ outstanding on all debts of those cases")
            % {"day": format_day(asked.on)},
            (Term(scaled_money(total.default_minor, currency), url),
             Term(scaled_money(total.outstanding_minor, currency), whole)),
            f"{value}{NBSP}%",
            _("variant by number of cases: %(share)s %%") % {"share": by_count},
        ),
        delta, _since(asked) if delta else "",
    )  # fmt: skip


def _points(change: Decimal) -> str:
    """The difference of two shares, in percentage points."""
    sign = "+" if change > 0 else ""
    return f"{sign}{format_decimal(change * 100, places=1)}{NBSP}{_('pp')}"


def _not_yet(name: str, cohort: str) -> Figure:
    """Nothing to divide by: neither a share of nothing nor a zero is true."""
    reason = _("nothing to count in the period yet")
    return Figure(name, NOTHING, "", "", cohort, Formula(name, reason), against=reason)
