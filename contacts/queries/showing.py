"""What the case page shows of contacts, newest first."""

from __future__ import annotations

from contacts.creditor import Creditor
from contacts.lifecycle import MessageChannel, Template
from contacts.models import (
    Attempt,
    ContactDraft,
    Message,
    Promise,
    RestructuringRequest,
    Termination,
)
from contacts.rendering import RenderedMessage, render_message
from kernel.actor import Actor
from kernel.errors import NotFound


class MessageNotFound(NotFound):
    """There is no such message, or its case belongs to another team."""

    code = "message_not_found"


def get_message(*, message_id: int, actor: Actor) -> Message:
    """A message with its case; raises MessageNotFound outside the actor's team."""
    messages = Message.objects.select_related("case", "case__debtor").filter(pk=message_id)
    if actor.team_id is not None:
        messages = messages.filter(case__team_id=actor.team_id)
    message = messages.first()
    if message is None:
        raise MessageNotFound(message_id=message_id)
    return message


def list_attempts(*, case_id: int, limit: int = 50) -> list[Attempt]:
    attempts = Attempt.objects.filter(case_id=case_id).select_related("logged_by", "contact_point")
    return list(attempts.order_by("-happened_at", "-id")[:limit])


def get_contact_draft(*, case_id: int, actor: Actor) -> ContactDraft | None:
    """What this person has typed about a contact and not logged."""
    return ContactDraft.objects.filter(case_id=case_id, user_id=actor.user_id or 0).first()


def list_promises(*, case_id: int, limit: int = 50) -> list[Promise]:
    return list(Promise.objects.filter(case_id=case_id).order_by("-id")[:limit])


def list_messages(*, case_id: int, limit: int = 50) -> list[Message]:
    return list(Message.objects.filter(case_id=case_id).order_by("-id")[:limit])


def list_terminations(*, case_id: int) -> list[Termination]:
    terminations = Termination.objects.filter(case_id=case_id)
    return list(terminations.select_related("proposed_by", "decided_by").order_by("-id"))


def list_restructuring_requests(*, case_id: int) -> list[RestructuringRequest]:
    return list(RestructuringRequest.objects.filter(case_id=case_id).order_by("-id"))


def get_message_preview(*, message: Message, creditor: Creditor) -> RenderedMessage:
    """The message as its reader sees it, from what was fixed when it was queued."""
    return render_message(
        template=Template(message.template),
        version=message.template_version,
        channel=MessageChannel(message.channel),
        language=message.language,
        recipient=message.recipient,
        figures=message.figures,
        creditor=creditor,
    )
