"""What the pages of contacts share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form

from contacts.guard import Rule
from contacts.lifecycle import MessageChannel, MessageStatus, Template
from contacts.models import Message
from contacts.recalling import RecallReason
from contacts.wording import (
    message_channel_name,
    message_status_name,
    recall_text,
    status_shape,
    template_name,
)
from contacts.wording.guard import rule_text
from contacts.wording.refusals import say_refusal
from kernel.errors import DomainError
from staff.access import StaffRequest


def try_act(request: StaffRequest, form: Form, act: Callable[[], str]) -> None:
    """Do it and say what came of it; a refusal is a sentence on the next page."""
    if not form.is_valid():
        first = next(iter(form.errors.values()))[0]
        messages.error(request, str(first))
        return
    try:
        messages.success(request, act())
    except DomainError as error:
        messages.error(request, say_refusal(error))


def shown_message(message: Message) -> dict[str, Any]:
    return {
        "message": message,
        "template": template_name(Template(message.template)),
        "channel": message_channel_name(MessageChannel(message.channel)),
        "status": message_status_name(MessageStatus(message.status)),
        "shape": status_shape(message.status),
        "reason": _not_sent(message),
    }


def _not_sent(message: Message) -> str:
    """Why it never went out; empty for one that may."""
    reason = message.skip_reason
    if rule := reason.get("rule"):
        return str(rule_text(Rule(rule), reason["values"]))
    return recall_text(RecallReason(reason["recalled"])) if "recalled" in reason else ""
