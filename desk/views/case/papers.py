"""What was promised, agreed, sent and proposed, and what holds the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from agencies.wording import placement_status_name, placement_status_shape
from cases.lifecycle import HOLD_EFFECTS, HoldKind
from cases.models import Hold
from cases.wording import hold_name
from contacts.lifecycle import (
    MessageChannel,
    MessageStatus,
    PromiseStatus,
    RequestStatus,
    Template,
)
from contacts.models import Message
from contacts.terms import notice_term_ends_on, termination_effective_on
from contacts.wording import (
    message_channel_name,
    message_status_name,
    promise_status_name,
    request_status_name,
    status_shape,
    template_name,
)
from courts.wording import referral_status_name, referral_status_shape
from desk.queries.case_page import CaseFile
from desk.queries.timeline import ActorNames
from desk.wording.actors import short_name, system_name
from desk.wording.approvals import termination_status_name, termination_status_shape
from desk.wording.papers import effects_text, recorded_text, schedule_text, term_text
from desk.wording.reasons import problems_text
from kernel.actor import ActorKind
from kernel.calendar import POLAND
from kernel.clock import legal_day
from negotiations.lifecycle import InstalmentStatus
from negotiations.models import Agreement
from negotiations.wording import (
    agreement_kind_name,
    agreement_status_name,
    agreement_status_shape,
    instalment_status_name,
    instalment_status_shape,
)

#: More documents than these fold.
DOCUMENTS_SHOWN: Final = 6


def papers_context(file: CaseFile, today: date, names: ActorNames) -> dict[str, Any]:
    documents = [document(message) for message in file.messages]
    return {
        "holds": [hold_row(hold, names) for hold in file.holds],
        "promises": [_promise(promise) for promise in file.promises],
        "agreements": [_agreement(agreement, today) for agreement in file.agreements],
        "requests": [
            {
                "request": request,
                "status": request_status_name(RequestStatus(request.status)),
                "shape": status_shape(request.status),
            }
            for request in file.requests
        ],
        "documents": documents[:DOCUMENTS_SHOWN],
        "more_documents": documents[DOCUMENTS_SHOWN:],
        **_proposals(file),
    }


def hold_row(hold: Hold, names: ActorNames) -> dict[str, Any]:
    kind = HoldKind(hold.kind)
    is_problem = kind is HoldKind.DATA_PROBLEM
    return {
        "hold": hold,
        "kind": kind,
        "name": hold_name(kind),
        "reason": problems_text(hold.reason.split(",")) if is_problem else hold.reason,
        "by_hand": not hold.cause,
        "stops": effects_text(HOLD_EFFECTS[kind]),
        "recorded": recorded_text(legal_day(hold.placed_at), _actor(hold, names)),
    }


def _actor(hold: Hold, names: ActorNames) -> str:
    if hold.actor_kind == ActorKind.USER:
        return short_name(names.users.get(hold.actor_id, ""))
    if hold.actor_kind == ActorKind.CLIENT:
        return names.clients.get(hold.actor_id, "")
    return system_name(hold.actor_id)


def _promise(promise: Any) -> dict[str, Any]:
    status = PromiseStatus(promise.status)
    return {
        "promise": promise,
        "status": promise_status_name(status),
        "shape": _PROMISE_SHAPES[status],
    }


_PROMISE_SHAPES: Final = {
    PromiseStatus.OPEN: "later",
    PromiseStatus.KEPT: "met",
    PromiseStatus.BROKEN: "not",
    PromiseStatus.WITHDRAWN: "na",
}


def _agreement(agreement: Agreement, today: date) -> dict[str, Any]:
    """With where it stands in its schedule, and every instalment."""
    parts = list(agreement.instalments.all())
    paid = sum(part.status == InstalmentStatus.PAID for part in parts)
    following = next((part for part in parts if part.status == InstalmentStatus.OPEN), None)
    return {
        "agreement": agreement,
        "kind": agreement_kind_name(agreement.kind),
        "status": agreement_status_name(agreement.status),
        "shape": agreement_status_shape(agreement.status),
        "state": schedule_text(
            paid=paid,
            missed=sum(part.status == InstalmentStatus.MISSED for part in parts),
            number=len(parts),
            next_minor=following.amount_minor - following.paid_minor if following else None,
            next_on=following.due_on if following else None,
            currency=agreement.currency,
        ),
        "parts": [
            {
                "part": part,
                "status": instalment_status_name(part.status),
                "shape": instalment_status_shape(part.status),
                "is_late": part.status == InstalmentStatus.OPEN and part.due_on < today,
            }
            for part in parts
        ],
    }


@dataclass(frozen=True, slots=True)
class Document:
    """A letter or message; ``on`` is the day of its status, ``term`` what its delivery began."""

    id: int
    name: str
    channel: str
    status: str
    shape: str
    on: date
    term: str


def document(message: Message) -> Document:
    return Document(
        message.pk,
        str(template_name(Template(message.template))),
        str(message_channel_name(MessageChannel(message.channel))),
        str(message_status_name(MessageStatus(message.status))),
        status_shape(message.status),
        message.returned_on or message.delivered_on or message.handed_over_on or message.queued_on,
        _term(message),
    )


def _term(message: Message) -> str:
    """Terms run from recorded delivery; without it nothing has begun."""
    if message.delivered_on is None or message.status != MessageStatus.DELIVERED:
        return ""
    if message.template == Template.NOTICE_75C:
        return term_text(notice_term_ends_on(message.delivered_on, POLAND))
    if message.template == Template.TERMINATION:
        return term_text(termination_effective_on(message.delivered_on))
    return ""


def _proposals(file: CaseFile) -> dict[str, Sequence[dict[str, Any]]]:
    """What was proposed, each with its status in words and as a shape."""
    return {
        "placements": [
            {
                "placement": placement,
                "status": placement_status_name(placement.status),
                "shape": placement_status_shape(placement.status),
            }
            for placement in file.placements
        ],
        "referrals": [
            {
                "referral": referral,
                "status": referral_status_name(referral.status),
                "shape": referral_status_shape(referral.status),
            }
            for referral in file.referrals
        ],
        "terminations": [
            {
                "termination": termination,
                "status": termination_status_name(termination.status),
                "shape": termination_status_shape(termination.status),
            }
            for termination in file.terminations
        ],
    }
