"""A list or a table that can be shown and taken away: the same columns and rows for both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from cases.lifecycle import Stage
from cases.wording import stage_name
from portfolio.cells import CellKind, Column, Value, money_value
from portfolio.entries import STOCKS, EntryKind
from portfolio.queries import After, Behind, Row
from portfolio.wording import code_name, entry_name, outcome_name
from staff.figures import format_money

#: So many rows are read at once for a file; memory does not grow with the list.
_ROWS_AT_ONCE: Final = 2_000

_Show = Callable[[Row], Value]


@dataclass(frozen=True, slots=True)
class Field:
    """A column and how a row fills it."""

    column: Column
    of: _Show


@dataclass(frozen=True, slots=True)
class Table:
    """What leaves the house as a file."""

    name: str
    columns: Sequence[Column]
    rows: Callable[[], Iterator[Sequence[Value]]]
    count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What is behind one figure. ``fields`` stand between the debtor and what has changed."""

    name: str
    behind: Behind
    currency: str
    fields: list[Field] = field(default_factory=list)

    @property
    def columns(self) -> list[Column]:
        return [one.column for one in self.fields]

    def table(self, rows: int) -> Table:
        """With the debtor first and what has changed last, as on the page."""
        columns = [
            Column(_("Debtor")),
            Column(_("Case")),
            *self.columns,
            Column(_("Since then")),
        ]
        return Table(self.name, columns, self._rows, rows)

    def _rows(self) -> Iterator[Sequence[Value]]:
        after: After | None = None
        while rows := self.behind.page(after=after, limit=_ROWS_AT_ONCE):
            for row in rows:
                shown = [one.of(row) for one in self.fields]
                yield [row.debtor_name, row.number, *shown, change_text(row)]
            after = After(rows[-1].rank, rows[-1].id)


def change_text(row: Row) -> str:
    """What has become of the case since the close at which the figure was taken."""
    if row.has_changed is None:
        return ""
    if not row.has_changed:
        return _("as it was")
    if row.is_done:
        return _("done since")
    if row.status_now == "closed":
        return _("closed since")
    if not row.was_open:
        return _("open again since")
    if row.stage_then != row.stage_now:
        return _("stage now: %(stage)s") % {"stage": stage_name(Stage(row.stage_now))}
    return _("overdue now %(amount)s") % {"amount": format_money(row.due_now_minor, row.currency)}


def _stage(row: Row) -> str:
    return str(stage_name(Stage(row.stage)))


def case_listing(behind: Behind, name: str, currency: str) -> Listing:
    """Cases that stood at a close."""
    return Listing(
        name,
        behind,
        currency,
        [
            _money(_("Overdue"), currency, lambda row: row.due_minor),
            _money(_("Outstanding"), currency, lambda row: row.outstanding_minor),
            Field(Column(_("Days"), CellKind.COUNT), lambda row: row.days_past_due),
            Field(Column(_("Stage")), _stage),
        ],
    )


def line_listing(behind: Behind, kinds: frozenset[EntryKind], name: str, currency: str) -> Listing:
    """Lines of days: what they tell of decides which columns there are."""
    fields: list[Field] = []
    if not kinds & STOCKS:
        fields.append(Field(Column(_("Day"), CellKind.DAY), lambda row: row.taken_on))
    if len(kinds) > 1:
        fields.append(Field(Column(_("What")), lambda row: str(entry_name(EntryKind(row.kind)))))
    if kinds & _WITH_CODE:
        fields.append(Field(Column(_head_of_code(kinds)), _code))
    if kinds & _WITH_DAY:
        fields.append(Field(Column(_head_of_day(kinds), CellKind.DAY), lambda row: row.event_on))
    if kinds & _WITH_PERSON:
        fields.append(Field(Column(_("Officer")), lambda row: row.officer_name))
    if not kinds & _WITHOUT_MONEY:
        fields.append(_money(_("Amount"), currency, lambda row: row.money_minor))
    if EntryKind.PAID in kinds or EntryKind.WRITTEN_OFF in kinds:
        fields.append(_money(_("Off what was due"), currency, lambda row: row.due_minor))
    fields.append(Field(Column(_("Stage")), _stage))
    return Listing(name, behind, currency, fields)


_Kind = EntryKind
_WITH_CODE: Final = frozenset(
    {_Kind.ATTEMPT, _Kind.TALK, _Kind.WORK_OPENED, _Kind.WORK_DONE, _Kind.WORK_DUE,
     _Kind.WORK_LATE, _Kind.APPROVAL, _Kind.DEADLINE, _Kind.DATA_PROBLEM, _Kind.STOPPED_CONTACT,
     _Kind.STOPPED_MESSAGE, _Kind.OVERRIDDEN}
)  # fmt: skip
_WITH_DAY: Final = frozenset(
    {_Kind.WORK_DUE, _Kind.WORK_LATE, _Kind.DEADLINE, _Kind.APPROVAL, _Kind.PROMISE_MADE,
     _Kind.PROMISE_KEPT, _Kind.PROMISE_BROKEN, _Kind.PAID_AFTER_TALK}
)  # fmt: skip
_WITH_PERSON: Final = frozenset(
    {_Kind.ATTEMPT, _Kind.TALK, _Kind.PROMISE_MADE, _Kind.PROMISE_KEPT, _Kind.PROMISE_BROKEN,
     _Kind.PAID_AFTER_TALK, _Kind.WORK_DONE, _Kind.WORK_DUE, _Kind.WORK_LATE, _Kind.APPROVAL,
     _Kind.STOPPED_CONTACT, _Kind.OVERRIDDEN}
)  # fmt: skip
_WITHOUT_MONEY: Final = frozenset(
    {_Kind.ATTEMPT, _Kind.TALK, _Kind.WORK_OPENED, _Kind.WORK_DONE, _Kind.WORK_DUE,
     _Kind.WORK_LATE, _Kind.STOPPED_CONTACT, _Kind.STOPPED_MESSAGE, _Kind.OVERRIDDEN}
)  # fmt: skip


def _code(row: Row) -> str:
    return code_name(EntryKind(row.kind), row.code)


def _head_of_code(kinds: frozenset[EntryKind]) -> str:
    if kinds & {_Kind.STOPPED_CONTACT, _Kind.STOPPED_MESSAGE, _Kind.OVERRIDDEN}:
        return _("Rule")
    if kinds & {_Kind.ATTEMPT, _Kind.TALK}:
        return _("Result")
    if kinds & {_Kind.WORK_OPENED, _Kind.WORK_DONE, _Kind.WORK_DUE, _Kind.WORK_LATE}:
        return _("Work")
    return _("Kind")


def _head_of_day(kinds: frozenset[EntryKind]) -> str:
    if _Kind.APPROVAL in kinds:
        return _("Waits since")
    if _Kind.PAID_AFTER_TALK in kinds:
        return _("Talk of")
    return _("Due on")


def rolled_listing(behind: Behind, name: str, currency: str) -> Listing:
    """Cases of an earlier close, and where they stood at the later one."""
    return Listing(
        name,
        behind,
        currency,
        [
            _money(_("Overdue then"), currency, lambda row: row.due_minor),
            Field(Column(_("Days then"), CellKind.COUNT), lambda row: row.days_past_due),
            _money(_("Overdue later"), currency, lambda row: row.later_due_minor),
            Field(Column(_("Days later"), CellKind.COUNT), lambda row: row.later_days),
            Field(Column(_("Where it went")), lambda row: outcome_name(row.outcome or 0)),
        ],
    )


def _money(head: str, currency: str, of: Callable[[Row], int | None]) -> Field:
    def value(row: Row) -> Value:
        own = currency or row.currency
        return money_value(of(row), own) if own else None

    return Field(Column(head, CellKind.MONEY, currency), value)
