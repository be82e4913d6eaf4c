"""What has become of the book: what was there, what came, what went, what is there."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portfolio.entries import EntryKind
from portfolio.queries import CurrencyBook, Flows
from portfolio.views.asked import BoardAsked
from staff.figures import format_day


@dataclass(frozen=True, slots=True)
class StatementLine:
    """``cases`` is None where lines are no cases; signs are those of the sum."""

    name: str
    cases: int | None
    due_minor: int
    url: str = ""
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """``lines`` add up; ``moves`` say what became of single cases and add up to nothing."""

    lines: list[StatementLine]
    moves: list[StatementLine]


def statement(
    book: CurrencyBook, since: CurrencyBook | None, flows: Flows, asked: BoardAsked
) -> Statement | None:
    """None on the first day. In a part of the book, what moved in and out of it is what is left."""
    if asked.stretch is None:
        return None
    currency, before = book.currency, since or CurrencyBook(book.currency)
    opening, closing = before.total, book.total

    def line(name: str, kind: EntryKind, sign: int, *, counts: bool) -> StatementLine:
        assert asked.stretch is not None
        url = asked.lines_url(kind, currency=currency, since=asked.stretch.after)
        entries = flows[kind].entries
        return StatementLine(
            name, sign * entries if counts else None, sign * flows[kind].due_minor,
            url if entries else "",
        )  # fmt: skip

    parts = [
        line(_("Came in with new cases"), EntryKind.OPENED, 1, counts=True),
        line(_("Fell due on open cases"), EntryKind.FELL_DUE, 1, counts=False),
        line(_("Paid off what was due"), EntryKind.PAID, -1, counts=False),
        line(_("Written off"), EntryKind.WRITTEN_OFF, -1, counts=False),
        line(_("Corrected downwards"), EntryKind.REDUCED, -1, counts=False),
    ]
    closed = flows[EntryKind.CLOSED].entries
    moved_cases = closing.cases - opening.cases - flows[EntryKind.OPENED].entries + closed
    moved_due = closing.due_minor - opening.due_minor - sum(part.due_minor for part in parts)
    url = asked.lines_url(EntryKind.CLOSED, currency=currency, since=asked.stretch.after)
    parts.append(StatementLine(_("Closed"), -closed, 0, url if closed else ""))
    if moved_cases or moved_due:
        parts.append(
            StatementLine(
                _("Moved from or to other teams, products or strategies"), moved_cases, moved_due
            )
        )
    first = StatementLine(
        _("Close of %(day)s") % {"day": format_day(asked.stretch.after)},
        opening.cases, opening.due_minor, is_sum=True,
    )  # fmt: skip
    last = StatementLine(
        _("Close of %(day)s") % {"day": format_day(asked.on)},
        closing.cases, closing.due_minor, asked.cases_url(currency), is_sum=True,
    )  # fmt: skip
    return Statement([first, *parts, last], _moves(flows, currency, asked))


def _moves(flows: Flows, currency: str, asked: BoardAsked) -> list[StatementLine]:
    assert asked.stretch is not None
    kinds = {
        EntryKind.NEW_ARREARS: _("Became past due"),
        EntryKind.CURED: _("Cured"),
        EntryKind.WRITTEN_OUT: _("Past due no more after a write-off"),
        EntryKind.ESCALATED: _("Went a stage further"),
    }
    return [
        StatementLine(
            name,
            flows[kind].entries,
            flows[kind].due_minor,
            asked.lines_url(kind, currency=currency, since=asked.stretch.after),
        )
        for kind, name in kinds.items()
        if flows[kind].entries
    ]
