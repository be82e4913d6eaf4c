"""What a decision is about, in words: the terms, and where the debtor and the case stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookkeeping.lifecycle import WriteOffKind, WriteOffReason
from bookkeeping.models import Charge, Refund, WriteOff
from bookkeeping.queries.debts import CaseDebt
from bookkeeping.wording import fee_name, write_off_kind_name, write_off_reason_name
from cases.lifecycle import Handler, Stage
from cases.queries.approvals import ApprovalRow
from cases.wording import handler_name, hold_name, stage_name
from contacts.wording import result_name
from debtors.lifecycle import Product
from debtors.wording import product_name
from desk.queries.approval_facts import ApprovalFacts, BriefFacts, ByHand
from ledger.lifecycle import Component
from ledger.wording import component_name
from negotiations.queries import AgreementRow, InstalmentRow
from negotiations.wording import agreement_kind_name
from staff.figures import format_account, format_count, format_day, format_money
from staff.lifecycle import ApprovalKind


class Fact(NamedTuple):
    """``note`` is a second, quieter line."""

    name: str
    value: str
    note: str = ""


class DebtLine(NamedTuple):
    """A debt that the decision touches, and what is owed on it."""

    product: str
    contract_no: str
    currency: str
    days: int
    due_minor: int
    outstanding_minor: int
    parts: str


def proposed_facts(facts: ApprovalFacts) -> list[Fact]:
    """The terms of what is proposed; empty where the kind and the debts say all of it."""
    if facts.agreement is not None:
        return list(_of_agreement(facts.agreement))
    if facts.by_hand is not None:
        return list(_of_by_hand(facts.by_hand))
    if facts.termination is not None and facts.termination.notice.delivered_on is not None:
        return [Fact(_("Notice delivered"), format_day(facts.termination.notice.delivered_on))]
    return []


def _of_agreement(row: AgreementRow) -> Iterator[Fact]:
    yield Fact(_("Agreement"), str(agreement_kind_name(row.kind)))
    yield Fact(_("Due when agreed"), format_money(row.amount_minor, row.currency))
    yield Fact(_("To pay"), format_money(row.to_pay_minor, row.currency))
    waived = format_money(row.write_off_minor, row.currency) if row.write_off_minor else _("none")
    yield Fact(_("Written off when kept"), waived)
    if row.instalments:
        first, last = row.instalments[0], row.instalments[-1]
        yield Fact(_("Instalments"), _plan_text(row.instalments, row.currency))
        yield Fact(_("First payment"), format_day(first.due_on))
        if last is not first:
            yield Fact(_("Last payment"), format_day(last.due_on))


def _plan_text(parts: tuple[InstalmentRow, ...], currency: str) -> str:
    """``12 × 250,00 zł``, and the last one where it differs."""
    usual, last = parts[0].amount_minor, parts[-1].amount_minor
    text = f"{len(parts)} × {format_money(usual, currency)}"
    if last == usual:
        return text
    return _("%(plan)s, the last one %(amount)s") % {
        "plan": text, "amount": format_money(last, currency)
    }  # fmt: skip


def _of_by_hand(thing: ByHand) -> Iterator[Fact]:
    if isinstance(thing, WriteOff):
        yield Fact(_("Reason"), str(write_off_reason_name(WriteOffReason(thing.reason))))
        yield Fact(_("Extent"), str(write_off_kind_name(WriteOffKind(thing.kind))))
        names = [str(component_name(Component(each))) for each in thing.components]
        yield Fact(_("Of"), ", ".join(names) or _("everything that is owed"))
    elif isinstance(thing, Refund):
        yield Fact(_("Paid back to"), thing.to_name, format_account(thing.to_account_no))
        if thing.despite_arrears:
            yield Fact(_("Arrears"), _("paid back although something else is due"))
    elif isinstance(thing, Charge):
        yield Fact(_("Fee"), fee_name(thing.fee))
        yield Fact(_("Charged for"), thing.occasion, format_day(thing.charged_on))
        yield Fact(_("Becomes"), str(component_name(Component(thing.component))))


def debt_lines(facts: ApprovalFacts, on: date) -> list[DebtLine]:
    """Those that are touched, otherwise all on which something is owed."""
    return [
        _debt_line(debt, on)
        for debt in facts.debts
        if (debt.account_id in facts.touched if facts.touched else debt.outstanding_minor > 0)
    ]


def _debt_line(debt: CaseDebt, on: date) -> DebtLine:
    parts = [
        f"{component_name(component)} {format_money(minor, debt.currency)}"
        for component in Component
        if (minor := debt.owed.get(component, 0))
    ]
    return DebtLine(
        str(product_name(Product(debt.product))),
        debt.contract_no,
        debt.currency,
        max((on - debt.due_since).days, 0) if debt.due_since else 0,
        max(debt.due_minor, 0),
        debt.outstanding_minor,
        ", ".join(parts),
    )


def case_facts(facts: ApprovalFacts) -> list[Fact]:
    """Where the case stands, as far as it bears on a decision."""
    case = facts.case
    found = [
        Fact(_("Stage"), str(stage_name(Stage(case.stage)))),
        Fact(_("Handled by"), _hands(facts)),
    ]
    if facts.holds:
        names = [str(hold_name(hold.kind)) for hold in facts.holds]
        found.append(Fact(_("Holds"), ", ".join(dict.fromkeys(names))))
    last = facts.last_contact
    if last is None:
        found.append(Fact(_("Last contact"), _("nobody has tried yet")))
    else:
        found.append(
            Fact(_("Last contact"), format_day(last.happened_on), str(result_name(last.result)))
        )
    return found


def _hands(facts: ApprovalFacts) -> str:
    case, handler = facts.case, Handler(facts.case.handled_by)
    if handler is not Handler.HOUSE:
        return str(handler_name(handler))
    names = [str(one) for one in (case.owner, case.team) if one is not None]
    return ", ".join(names) or str(handler_name(handler))


def brief_text(row: ApprovalRow, brief: BriefFacts, on: date) -> str:
    """What tells this proposal from another of its kind, in a few words."""
    found = list(_brief(row, brief))
    money = brief.money.get(row.case_id)
    if money is not None and (days := money.days_past_due(on)):
        text = ngettext("%(days)s day past due", "%(days)s days past due", days)
        found.append(text % {"days": format_count(days)})
    return ", ".join(found)


def _brief(row: ApprovalRow, brief: BriefFacts) -> Iterator[str]:
    if row.kind == ApprovalKind.AGREEMENT and (plan := brief.plans.get(row.id)):
        text = ngettext(
            "%(number)s payment from %(day)s", "%(number)s payments from %(day)s", plan.instalments
        )
        yield text % {"number": format_count(plan.instalments), "day": format_day(plan.first_on)}
        if plan.write_off_minor:
            amount = format_money(plan.write_off_minor, row.currency)
            yield _("%(amount)s written off") % {"amount": amount}
    elif row.kind == ApprovalKind.TERMINATION and (on := brief.notices.get(row.id)):
        yield _("notice delivered %(day)s") % {"day": format_day(on)}
    elif row.kind == ApprovalKind.WRITE_OFF and (reason := brief.write_offs.get(row.id)):
        yield str(write_off_reason_name(WriteOffReason(reason)))
    elif row.kind == ApprovalKind.CHARGE and (fee := brief.fees.get(row.id)):
        yield fee_name(fee)
