"""Messages that wait, one message as it was written, and what became of it."""

from __future__ import annotations

import io
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from contacts.creditor import SHIPPED, load_creditor
from contacts.deliveries import BadLine, ColumnsMissing, DeliveryEntry, read_entries
from contacts.forms import DeliveriesFileForm, DeliveryForm, RecipientForm
from contacts.guard import Refused
from contacts.lifecycle import MESSAGE_LIFECYCLE, MessageChannel, MessageStatus
from contacts.models import Message
from contacts.operations import (
    dispatch_messages,
    record_deliveries,
    record_delivery,
    reveal_recipient,
)
from contacts.queries import (
    MessageNotFound,
    QueuedMessage,
    get_message,
    get_message_preview,
    list_dispatch,
)
from contacts.rendering import DebtTable
from contacts.views.acting import masked_recipient, shown_message, try_act
from contacts.wording import delivery_refusal, message_channel_name
from contacts.wording.guard import rule_text
from kernel import clock
from kernel.typed import word_in
from staff.access import StaffRequest, page
from staff.figures import format_count
from staff.rights import Right
from staff.views.lists import after_id, keyset_page

PAGE_SIZE: Final = 100
#: How many are handed over by one push of the button.
HAND_OVER_AT_ONCE: Final = 500


@require_safe
@page(Right.RECORD_DELIVERY)
def show_messages(request: StaffRequest) -> HttpResponse:
    return _render_messages(request, DeliveriesFileForm())


@require_POST
@page(Right.RECORD_DELIVERY)
def hand_over(request: StaffRequest) -> HttpResponse:
    channel = request.POST.get("channel", "")
    if channel not in set(MessageChannel):
        raise Http404
    done = dispatch_messages(
        channel=MessageChannel(channel),
        actor=request.actor,
        at=clock.now(),
        limit=HAND_OVER_AT_ONCE,
    )
    text = _("Handed over: %(handed_over)s. Not sent for good: %(skipped)s. Waiting: %(waiting)s.")
    messages.success(
        request,
        text
        % {
            "handed_over": len(done.handed_over),
            "skipped": len(done.skipped),
            "waiting": len(done.waiting),
        },
    )
    if done.kept_back:
        text = ngettext(
            "%(count)s message stays in the queue, because a red switch is off.",
            "%(count)s messages stay in the queue, because a red switch is off.",
            done.kept_back,
        )
        messages.warning(request, text % {"count": format_count(done.kept_back)})
    return redirect("messages")


@require_POST
@page(Right.RECORD_DELIVERY)
def upload_deliveries(request: StaffRequest) -> HttpResponse:
    form = DeliveriesFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _render_messages(request, form, status=422)
    try:
        text = io.TextIOWrapper(form.cleaned_data["file"], encoding="utf-8", newline="")
        rows = list(read_entries(text))
    except ColumnsMissing as error:
        form.add_error("file", _("Columns are missing: %(names)s.") % {"names": error})
        return _render_messages(request, form, status=422)
    except UnicodeDecodeError:
        form.add_error("file", _("The file is not UTF-8."))
        return _render_messages(request, form, status=422)
    report = record_deliveries(
        entries=[row for row in rows if isinstance(row, DeliveryEntry)],
        on=clock.today(),
        actor=request.actor,
        at=clock.now(),
    )
    recorded = report.handed_over + report.delivered + report.returned
    messages.success(
        request,
        ngettext("%(count)s line recorded.", "%(count)s lines recorded.", recorded)
        % {"count": recorded},
    )
    bad = [
        (row.line, {"line": row.line, "reason": row.reason, "column": row.column,
                    "value": row.value})
        for row in rows
        if isinstance(row, BadLine)
    ]  # fmt: skip
    refused = [(r.line, {"line": r.line, "reason": r.reason, **r.values}) for r in report.refused]
    lines = [delivery_refusal(row) for _line, row in sorted([*bad, *refused], key=_line_of)]
    return _render_messages(request, DeliveriesFileForm(), refused=lines)


@require_safe
@page(Right.SEE_CASES)
def show_message(request: StaffRequest, message_id: int) -> HttpResponse:
    return _render_message(request, _message(request, message_id))


@require_POST
@page(Right.SEE_IDENTIFIERS)
def reveal(request: StaffRequest, message_id: int) -> HttpResponse:
    """POST ``reason``: the page with the recipient in full, once; nothing stays in the browser."""
    message = _message(request, message_id)
    form = RecipientForm(request.POST)
    if not form.is_valid():
        return _render_message(request, message, reveal_form=form, status=422)
    reveal_recipient(
        message_id=message.pk,
        reason=form.cleaned_data["reason"],
        actor=request.actor,
        at=clock.now(),
    )
    answer = _render_message(request, message, in_full=True)
    answer["Cache-Control"] = "no-store"
    return answer


def _render_message(
    request: StaffRequest,
    message: Message,
    *,
    reveal_form: RecipientForm | None = None,
    in_full: bool = False,
    status: int = 200,
) -> HttpResponse:
    preview = get_message_preview(
        message=message, creditor=load_creditor(getattr(settings, "CREDITOR_FILE", SHIPPED))
    )
    open_moves = MESSAGE_LIFECYCLE.allowed(MessageStatus(message.status))
    may_record = bool(open_moves) and request.actor.has(Right.RECORD_DELIVERY)
    return render(
        request,
        "contacts/message.html",
        {
            **shown_message(message),
            "case": message.case,
            "subject": preview.subject,
            "blocks": [(isinstance(block, DebtTable), block) for block in preview.blocks],
            "form": DeliveryForm(initial={"happened_on": clock.today()}) if may_record else None,
            "recipient": message.recipient if in_full else masked_recipient(message.recipient),
            "in_full": in_full,
            "reveal_form": (reveal_form or RecipientForm(auto_id="recipient-%s"))
            if request.actor.has(Right.SEE_IDENTIFIERS) and not in_full
            else None,
        },
        status=status,
    )


@require_POST
@page(Right.RECORD_DELIVERY)
def record(request: StaffRequest, message_id: int) -> HttpResponse:
    message = _message(request, message_id)
    form = DeliveryForm(request.POST)

    def act() -> str:
        record_delivery(
            message_id=message.pk,
            status=MessageStatus(form.cleaned_data["status"]),
            happened_on=form.cleaned_data["happened_on"],
            on=clock.today(),
            actor=request.actor,
            at=clock.now(),
        )
        return _("Recorded.")

    try_act(request, form, act)
    return redirect("message", message_id=message_id)


def _message(request: StaffRequest, message_id: int) -> Message:
    try:
        return get_message(message_id=message_id, actor=request.actor)
    except MessageNotFound as error:
        raise Http404 from error


def _line_of(row: tuple[int, dict[str, Any]]) -> int:
    return row[0]


def _render_messages(
    request: StaffRequest,
    form: DeliveriesFileForm,
    *,
    refused: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    channel = word_in(request.GET.get("channel"), MessageChannel)
    found = list_dispatch(
        actor=request.actor,
        at=clock.now(),
        channel=channel,
        after_id=after_id(request) or 0,
        limit=PAGE_SIZE + 1,
    )
    shown = keyset_page(request, found, size=PAGE_SIZE, key=lambda row: row.message.pk)
    return render(
        request,
        "contacts/messages.html",
        {
            "rows": [_shown_queued(row) for row in shown.rows],
            "channels": [
                {"value": str(c), "label": message_channel_name(c), "chosen": c is channel}
                for c in MessageChannel
            ],
            "form": form,
            "refused": refused or [],
            **shown.urls,
        },
        status=status,
    )


def _shown_queued(queued: QueuedMessage) -> dict[str, Any]:
    verdict = queued.verdict
    note = rule_text(verdict.rule, verdict.values) if isinstance(verdict, Refused) else ""
    word = _("may go out")
    if isinstance(verdict, Refused):
        word = _("will not be sent") if verdict.is_final else _("must wait")
    return {
        **shown_message(queued.message),
        "case": queued.message.case,
        "verdict": word,
        "verdict_shape": "bang" if note else "met",
        "note": note,
    }
