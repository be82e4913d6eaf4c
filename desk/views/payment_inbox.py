"""The payments that wait for a person: accept, choose, split, put off, give back, forget."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from desk.queries.statements import (
    InboxEntry,
    NamedAccount,
    get_named_accounts,
    list_accounts_called,
    list_inbox,
)
from desk.views.statements import PAGE_SIZE, entry_line, find_entry
from kernel import clock
from kernel.errors import DomainError
from kernel.money import Money
from kernel.typed import whole_number
from ledger.matching import split_over
from ledger.models import StatementEntry
from ledger.operations import (
    SharesDoNotAddUp,
    forget_sender,
    post_entry,
    return_payment,
    set_entry_aside,
    suspend_entry,
)
from ledger.statement_wording import say_statement_refusal
from staff.access import StaffRequest, page
from staff.figures import format_money
from staff.forms import AmountField
from staff.rights import Right
from staff.templatetags.figures import amount
from staff.views.lists import after_id, keyset_page

#: A split has so many lines for debts that were not found.
FREE_LINES: Final = (1, 2)


class Refused(NamedTuple):
    """Why a row stays as it was, and what was typed into it."""

    entry_id: int
    act: str
    said: str
    typed: Mapping[str, str]


@require_safe
@page(Right.IMPORT_STATEMENTS)
def show_inbox(request: StaffRequest) -> HttpResponse:
    return _inbox(request)


def _inbox(
    request: StaffRequest, *, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    found = list_inbox(after_id=after_id(request), limit=PAGE_SIZE + 1)
    if not found and after_id(request) is not None and refused is None:
        return redirect("payment-inbox")  # the last row of the last page is decided
    shown = keyset_page(request, found, size=PAGE_SIZE, key=lambda row: row.entry.pk)
    return render(
        request,
        "desk/payment_inbox.html",
        {
            "rows": [_inbox_line(row, refused) for row in shown.rows],
            "picked": _picked(request, [row.entry.pk for row in shown.rows], refused),
            "enters": "at" in request.GET,
            "here": _here(request),
            "may_correct": request.actor.has(Right.CORRECT_POSTING),
            **shown.urls,
        },
        status=status,
    )


def _here(request: StaffRequest) -> str:
    """The query of the page that is shown, for its forms and the way back to it."""
    after = after_id(request)
    return f"?after={after}" if after is not None else ""


def _picked(request: StaffRequest, shown: Sequence[int], refused: Refused | None) -> int | None:
    """The row that stays as it was; else the one after the row ``at`` that was decided last."""
    if refused is not None:
        return refused.entry_id
    decided_id = whole_number(request.GET.get("at"))
    if decided_id is None or not shown:
        return None
    return next((pk for pk in shown if pk > decided_id), shown[-1])


def _inbox_line(row: InboxEntry, refused: Refused | None) -> dict[str, Any]:
    told = refused if refused is not None and refused.entry_id == row.entry.pk else None
    typed: Mapping[str, str] = told.typed if told is not None else {}
    proposal = row.entry.proposal
    shares = proposal.get("shares", {})
    codes = {reason["code"] for reason in proposal.get("reasons", [])}
    fitting = [choice for choice in row.choices if choice.currency == row.entry.currency]
    return {
        **entry_line(row.entry),
        "choices": [
            {"debt": choice, "key": "a" if place == 1 else str(place),
             "share": typed.get(
                 f"share-{choice.account_id}",
                 _written(shares.get(str(choice.account_id), 0), choice.currency),
             )}
            for place, choice in enumerate(fitting, start=1)
        ],
        "elsewhere": [choice for choice in row.choices if choice not in fitting],
        "returned": [
            {"entry": entry, "key": "a" if place == 1 else str(place)}
            for place, entry in enumerate(row.returned, start=1)
        ],
        "comes_in": row.entry.amount_minor > 0,
        "is_learnt": "sender" in codes and bool(fitting),
        "percent": proposal.get("percent", 0),
        "refused": told.said if told is not None else "",
        "refused_act": told.act if told is not None else "",
        "called": typed.get("called", ""),
        "reason": typed.get("reason", ""),
        "free_lines": [
            {"line": line, "list": f"{row.entry.pk}-{line}",
             "called": typed.get(f"called-{line}", ""),
             "amount": typed.get(f"amount-{line}", "")}
            for line in FREE_LINES
        ],
    }  # fmt: skip


@require_POST
@page(Right.IMPORT_STATEMENTS)
def decide_entry(request: StaffRequest, entry_id: int, act: str) -> HttpResponse:
    """``accept`` a debt that was found, ``name`` another one, ``split`` over several, ``suspend``,
    ``set-aside``, ``give-back`` a payment that the bank took back, or ``forget`` a sender."""
    acts: dict[str, Callable[[StaffRequest, StatementEntry], str]] = {
        "accept": _accept,
        "name": _name,
        "split": _split,
        "suspend": _suspend,
        "set-aside": _set_aside,
        "give-back": _give_back,
        "forget": _forget,
    }
    if act not in acts:
        raise Http404
    entry = find_entry(entry_id)
    try:
        done = acts[act](request, entry)
    except DomainError as error:
        refused = Refused(entry_id, act, say_statement_refusal(error), request.POST.dict())
        return _inbox(request, refused=refused, status=422)
    messages.success(request, _notice(request, entry, done))
    after = after_id(request)
    query = urlencode({**({"after": after} if after is not None else {}), "at": entry_id})
    return redirect(f"{reverse('payment-inbox')}?{query}")


def _notice(request: StaffRequest, entry: StatementEntry, done: str) -> str:
    """Whose money, how much and what became of it; with the way to where it is taken back."""
    entry.refresh_from_db()
    payer = entry.party_name or entry.party_account or entry.title[:80]
    money = format_money(entry.amount_minor, entry.currency)
    said = format_html("<b>{}, {}</b>: {}", payer, money, done)
    line = entry_line(entry)
    if not (line["can_take_back"] and request.actor.has(Right.CORRECT_POSTING)):
        return said
    url = reverse("statement-file", args=[entry.statement.file_id])
    return format_html(
        '{} <a href="{}?after={}#entry-{}">{}</a>',
        said, url, entry.pk - 1, entry.pk, _("Take it back on its statement"),
    )  # fmt: skip


def _accept(request: StaffRequest, entry: StatementEntry) -> str:
    account_id = whole_number(request.POST.get("account"))
    return _post(request, entry, {account_id: entry.amount_minor} if account_id else {})


def _name(request: StaffRequest, entry: StatementEntry) -> str:
    """Over the debts of the case or contract that was named, the longest due first."""
    debts = _called(request.POST.get("called", ""), entry)
    shares = split_over(entry.amount_minor, ((d.account_id, d.due_minor) for d in debts))
    return _post(request, entry, shares)


def _split(request: StaffRequest, entry: StatementEntry) -> str:
    """An amount for each debt that was found, and for those that are named beside them."""
    shares: dict[int, int] = {}
    for named in request.POST.getlist("account"):
        if account_id := whole_number(named):
            minor = _minor(request.POST.get(f"share-{named}", ""), entry)
            shares[account_id] = shares.get(account_id, 0) + minor
    for line in FREE_LINES:
        minor = _minor(request.POST.get(f"amount-{line}", ""), entry)
        debts = _called(request.POST.get(f"called-{line}", ""), entry)
        if minor and not debts:
            raise SharesDoNotAddUp(amount_minor=entry.amount_minor, shares=shares)
        parts = split_over(minor, ((d.account_id, d.due_minor) for d in debts))
        for account, part in parts.items():
            shares[account] = shares.get(account, 0) + part
    return _post(request, entry, {pk: minor for pk, minor in shares.items() if minor})


def _called(text: str, entry: StatementEntry) -> list[NamedAccount]:
    if not text.strip():
        return []
    return [debt for debt in list_accounts_called(text=text) if debt.currency == entry.currency]


def _written(minor: int, currency: str) -> str:
    return amount(minor, currency) if minor else ""


def _minor(written: str, entry: StatementEntry) -> int:
    """Nothing written is nothing; what is no amount does not add up."""
    if not written.strip():
        return 0
    try:
        amount: Decimal | None = AmountField().clean(written)
    except ValidationError as error:
        raise SharesDoNotAddUp(amount_minor=entry.amount_minor, written=written[:40]) from error
    return Money.from_decimal(amount or Decimal(0), entry.currency).minor


def _post(request: StaffRequest, entry: StatementEntry, shares: Mapping[int, int]) -> str:
    post_entry(entry_id=entry.pk, shares=shares, actor=request.actor, at=clock.now())
    debts = get_named_accounts(account_ids=list(shares))
    return _("posted for %(debts)s.") % {
        "debts": "; ".join(
            f"{debts[pk].debtor_name}, {debts[pk].contract_no}" for pk in shares if pk in debts
        )
    }


def _suspend(request: StaffRequest, entry: StatementEntry) -> str:
    suspend_entry(
        entry_id=entry.pk,
        reason=request.POST.get("reason", "")[:500],
        actor=request.actor,
        at=clock.now(),
    )
    return _("it waits until it is found out.")


def _set_aside(request: StaffRequest, entry: StatementEntry) -> str:
    set_entry_aside(
        entry_id=entry.pk,
        reason=request.POST.get("reason", "")[:500],
        actor=request.actor,
        at=clock.now(),
    )
    return _("set aside: it is for none of our debts.")


def _give_back(request: StaffRequest, entry: StatementEntry) -> str:
    return_payment(
        entry_id=entry.pk,
        returned_id=whole_number(request.POST.get("returned")) or 0,
        actor=request.actor,
        at=clock.now(),
    )
    return _("the payment is taken back.")


def _forget(request: StaffRequest, entry: StatementEntry) -> str:
    forget_sender(
        entry_id=entry.pk,
        account_id=whole_number(request.POST.get("account")) or 0,
        actor=request.actor,
        at=clock.now(),
    )
    return _("forgotten: money from this sender is not proposed for that debt any more.")
