"""The rows of each tab: who, how much, why here, what by when, and what may be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Protocol

from django.utils.translation import gettext as _

from cases.lifecycle import DATA_WORK, Stage, WorkKind, holds_that_stop
from cases.queries import Hand, Looker, list_hands, list_lookers
from cases.wording import short_work_name, stage_name
from contacts.guard import Refused, Verdict
from contacts.policy import policy_on
from debtors.wording import product_name
from desk.queries.allowed import list_phone_verdicts
from desk.queries.context import (
    LastContact,
    OpenHold,
    StepTaken,
    list_last_contacts,
    list_open_holds,
    list_steps_taken,
)
from desk.queries.held import HeldRow
from desk.queries.money import NOTHING_OWED, CaseMoney, list_case_money
from desk.queries.pending import PendingRow
from desk.queries.waiting import Waiting, WaitingRow
from desk.queries.work_list import WorkRow
from desk.views.work.filters import WAITING_NAMES
from desk.wording.events import StepTitles
from desk.wording.guard import short_until_text
from desk.wording.lines import hold_line
from desk.wording.ranking import deadline_text, expected_text
from desk.wording.reasons import last_contact_text, step_fact, work_reason
from desk.wording.waiting import (
    days_left_text,
    days_since_text,
    held_reason,
    pending_reason,
    waiting_reason,
)
from kernel.calendar import POLAND
from kernel.clock import legal_day
from staff.figures import format_clock, format_day, format_short_day

#: Work for which nobody speaks with the debtor.
_WITHOUT_CONTACT: Final = DATA_WORK | {WorkKind.REVIEW, WorkKind.APPROVAL_REFUSED}


class CaseRow(Protocol):
    """What the rows of all tabs have in common."""

    @property
    def case_id(self) -> int: ...
    @property
    def case_number(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def debtor_name(self) -> str: ...
    @property
    def owner_name(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape, the word that carries the meaning, and its second line."""

    shape: str
    word: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row. Ticking it sends ``box_id`` as ``box_name``; ``in_hand`` names who has it."""

    box_name: str
    box_id: int
    number: str
    name: str
    products: str
    owner: str
    money: CaseMoney
    days: int
    why: str
    why_note: str
    what: str
    what_note: str
    is_late: bool
    mark: Mark
    in_hand: str
    hold: str
    aside: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What is read once for a whole page of rows."""

    today: date
    at: datetime
    user_id: int | None
    titles: StepTitles
    money: Mapping[int, CaseMoney]
    holds: Mapping[int, list[OpenHold]]
    contacts: Mapping[int, LastContact]
    hands: Mapping[int, Hand]
    lookers: Mapping[int, list[Looker]]
    phones: Mapping[int, Verdict] = field(default_factory=dict)
    taken: Mapping[int, list[StepTaken]] = field(default_factory=dict)


def read_around(
    rows: Sequence[CaseRow],
    *,
    titles: StepTitles,
    at: datetime,
    user_id: int | None,
    with_work: bool,
) -> Around:
    case_ids = sorted({row.case_id for row in rows})
    today = legal_day(at)
    return Around(
        today=today,
        at=at,
        user_id=user_id,
        titles=titles,
        money=list_case_money(case_ids=case_ids),
        holds=list_open_holds(case_ids=case_ids, on=today),
        contacts=list_last_contacts(case_ids=case_ids),
        hands=list_hands(case_ids=case_ids, at=at),
        lookers=list_lookers(case_ids=case_ids, at=at),
        phones=list_phone_verdicts(case_ids=case_ids, at=at) if with_work else {},
        taken=list_steps_taken(case_ids=case_ids) if with_work else {},
    )


def _line(
    row: CaseRow,
    around: Around,
    *,
    box: tuple[str, int],
    why: str,
    what: str,
    what_note: str,
    mark: Mark,
    why_note: str | None = None,
    is_late: bool = False,
    hold: str = "",
    aside: str = "",
    expected: str = "",
) -> Line:
    money = around.money.get(row.case_id, NOTHING_OWED)
    contact = last_contact_text(around.contacts.get(row.case_id))
    return Line(
        box_name=box[0],
        box_id=box[1],
        number=row.case_number,
        name=row.debtor_name,
        products=" + ".join(str(product_name(product)) for product in money.products),
        owner=row.owner_name or "",
        money=money,
        days=money.days_past_due(around.today),
        why=why,
        why_note=contact if why_note is None else why_note,
        what=what,
        what_note=what_note,
        is_late=is_late,
        mark=mark,
        in_hand=_in_hand(row.case_id, around),
        hold=hold,
        aside=aside,
        expected=expected,
    )


def _in_hand(case_id: int, around: Around) -> str:
    """``Oskar Cybulski since 10:02``; one's own hands are no news."""
    hand = around.hands.get(case_id)
    if hand is not None and hand.user_id != around.user_id:
        return _("%(name)s has it since %(time)s") % {
            "name": hand.user_name,
            "time": format_clock(hand.since),
        }
    others = [each for each in around.lookers.get(case_id, []) if each.user_id != around.user_id]
    if others:
        return _("%(name)s looks at it since %(time)s") % {
            "name": others[0].user_name,
            "time": format_clock(others[0].since),
        }
    return _("in your hands") if hand is not None else ""


def work_line(row: WorkRow, around: Around) -> Line:
    kind = WorkKind(row.kind)
    fact = step_fact(
        row.reason,
        taken=around.taken.get(row.case_id, []),
        due_since=around.money.get(row.case_id, NOTHING_OWED).due_since,
        titles=around.titles,
    )
    return _line(
        row,
        around,
        box=("item", row.id),
        why=fact or work_reason(kind, row.reason, titles=around.titles),
        what=str(short_work_name(kind)),
        what_note=deadline_text(row.due_on, around.today),
        is_late=row.due_on < around.today,
        mark=_may_call(kind, around.phones.get(row.case_id), around),
        hold=hold_line(around.holds.get(row.case_id, [])),
        aside=row.put_aside_reason,
        expected=expected_text(row.expected_minor, row.currency),
    )


def _may_call(kind: WorkKind, verdict: Verdict | None, around: Around) -> Mark:
    if kind in _WITHOUT_CONTACT:
        return Mark("na", _("Not needed"), _("without contact"))
    if isinstance(verdict, Refused):
        note = short_until_text(verdict, at=around.at)
        if verdict.next_at is not None:
            return Mark("later", _("Later"), note)
        return Mark("no", _("No"), note)
    hours = policy_on(around.today).hours_on(around.today, POLAND)
    until = _("until %(time)s") % {"time": f"{hours.end:%H:%M}"} if hours else ""
    return Mark("now", _("Now"), until)


def waiting_line(row: WaitingRow, around: Around) -> Line:
    until = row.key.until_on
    shape = "later" if until >= around.today else "bang"
    return _line(
        row,
        around,
        box=("case", row.case_id),
        why=waiting_reason(row),
        what=_("until %(day)s") % {"day": deadline_text(until, around.today)},
        what_note=days_left_text(until, around.today),
        is_late=until < around.today,
        mark=Mark(shape, str(WAITING_NAMES[row.kind]), _AFTERWARDS[row.kind]()),
    )


#: What follows by itself when the day has passed.
_AFTERWARDS: Final[dict[Waiting, Callable[[], str]]] = {
    Waiting.PROMISE: lambda: _("unpaid: a call"),
    Waiting.AGREEMENT: lambda: _("unpaid: the agreement is broken"),
    Waiting.LETTER: lambda: _("no answer: ask the post"),
    Waiting.TERM: lambda: _("after that: the next step"),
}


def held_line(row: HeldRow, around: Around) -> Line:
    stops_contact = row.kind in holds_that_stop("contact")
    until = row.until_on
    return _line(
        row,
        around,
        box=("case", row.case_id),
        why=held_reason(row),
        why_note=_("since %(day)s") % {"day": format_day(row.from_on)},
        what=(
            _("until %(day)s") % {"day": deadline_text(until, around.today)}
            if until
            else _("until ended")
        ),
        what_note=days_left_text(until, around.today) if until else _("a person ends it"),
        mark=(
            Mark("no", _("No contact"), _("nothing goes out"))
            if stops_contact
            else Mark("later", _("No steps"), _("contact is allowed"))
        ),
    )


def pending_line(row: PendingRow, around: Around) -> Line:
    since = legal_day(row.proposed_at)
    by = row.proposed_by or _("the strategy")
    return _line(
        row,
        around,
        box=("case", row.case_id),
        why=pending_reason(row),
        why_note=(
            row.decision_reason
            if row.is_sent_back and row.decision_reason
            else _("proposed by %(by)s on %(day)s") % {"by": by, "day": format_short_day(since)}
        ),
        what=_("Put it right") if row.is_sent_back else _("Wait for the decision"),
        what_note=days_since_text(since, around.today),
        mark=(
            Mark("bang", _("Sent back"), _("to the proposer"))
            if row.is_sent_back
            else Mark("later", _("Undecided"), str(stage_name(Stage(row.stage))))
        ),
    )
