"""Recalling queued messages that money, or the end of their strategy, has overtaken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from cases.locking import lock_cases
from cases.operations import touch_cases
from contacts.composing import NewMessage
from contacts.events import TERMINATION_LAPSED
from contacts.lifecycle import MESSAGE_LIFECYCLE, MessageChannel, MessageStatus, Template
from contacts.models import Message, Termination
from contacts.operations.queueing import queue_messages
from contacts.recalling import OwedNow, RecallReason, misfit, next_cause
from journal.operations import NewEvent, Subject, record_events
from journal.status import move_statuses
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day
from ledger.models import Account

#: What the composer says by itself; the rest was given with the message.
_OWN_FIGURES: Final = frozenset({"as_of", "case_number", "debts"})


@by_machine
@transaction.atomic
def recall_unfit_messages(
    *, case_ids: Iterable[int], grown_case_ids: Collection[int] = (), actor: Actor, at: datetime
) -> list[int]:
    """Recall what is queued about these cases and names what is no longer owed; returns the ids.

    One whose amount alone is another is written anew with what is owed now, unless nothing may be
    demanded any more. On ``grown_case_ids`` a payment was taken back. Nothing that was recalled
    ever comes back: what is called for then is decided anew.
    """
    messages = _lock_queued(case_ids)
    if not messages:
        return []
    accounts = {debt["account_id"] for one in messages for debt in one.figures["debts"]}
    now = {
        pk: OwedNow(due, outstanding)
        for pk, due, outstanding in Account.objects.filter(pk__in=accounts).values_list(
            "id", "due_minor", "outstanding_minor"
        )
    }
    reasons = {
        one.pk: reason
        for one in messages
        if (reason := misfit(one.figures, now, may_have_grown=one.case_id in grown_case_ids))
    }
    return _recall(messages, reasons, actor, at)


@by_machine
@transaction.atomic
def recall_messages_of_steps(
    *, enrolments: Mapping[int, int], actor: Actor, at: datetime
) -> list[int]:
    """Recall what steps of strategies queued that their case has left; returns the ids.

    ``enrolments`` has the case of each enrolment that ended.
    """
    ended = {f"step:{enrolment_id}" for enrolment_id in enrolments}
    messages = [
        one
        for one in _lock_queued(enrolments.values())
        if ":".join(one.cause.split(":", 2)[:2]) in ended
    ]
    reasons = dict.fromkeys((one.pk for one in messages), RecallReason.NOT_CALLED_FOR)
    return _recall(messages, reasons, actor, at)


@by_machine
@transaction.atomic
def recall_messages_of_closed_cases(
    *, case_ids: Iterable[int], actor: Actor, at: datetime
) -> list[int]:
    """Nobody is written to about a case that is closed; returns the ids."""
    messages = [one for one in _lock_queued(case_ids) if one.case.status == "closed"]
    reasons = dict.fromkeys((one.pk for one in messages), RecallReason.CASE_CLOSED)
    return _recall(messages, reasons, actor, at)


@by_machine
def lapse_statements(*, reasons: Mapping[int, str], actor: Actor, at: datetime) -> None:
    """Statements of termination that will never go out, each with why: their approvals have no
    effect, and others may be proposed."""
    lapsed = list(
        Termination.objects.filter(statement_id__in=reasons, done_on__isnull=True).values_list(
            "id", "case_id", "statement_id"
        )
    )
    on = legal_day(at)
    Termination.objects.filter(pk__in=[row[0] for row in lapsed]).update(done_on=on)
    record_events(
        events=[
            NewEvent(
                TERMINATION_LAPSED,
                Subject("case", case_id),
                {"termination_id": pk, "reason": reasons[statement_id]},
                on,
            )
            for pk, case_id, statement_id in lapsed
        ],
        actor=actor,
        at=at,
    )


def _lock_queued(case_ids: Iterable[int]) -> list[Message]:
    """What is queued about the cases, with the cases locked; those without anything are not."""
    queued = Message.objects.filter(case_id__in=set(case_ids), status=MessageStatus.QUEUED)
    concerned = set(queued.values_list("case_id", flat=True))
    if not concerned:
        return []
    lock_cases(case_ids=concerned)
    return list(queued.select_related("case").order_by("id"))


def _recall(
    messages: Sequence[Message], reasons: Mapping[int, RecallReason], actor: Actor, at: datetime
) -> list[int]:
    found = {one.pk: one for one in messages if one.pk in reasons}
    by_reason: dict[RecallReason, list[int]] = defaultdict(list)
    for pk in found:
        by_reason[reasons[pk]].append(pk)
    recalled: list[int] = []
    for reason, ids in sorted(by_reason.items()):
        recalled += move_statuses(
            model=Message,
            ids=ids,
            lifecycle=MESSAGE_LIFECYCLE,
            move="recall",
            subject_of=lambda pk: Subject("case", found[pk].case_id),
            payload_of=lambda pk: {
                "template": found[pk].template,
                "channel": found[pk].channel,
                "recalled": reasons[pk],
            },
            changes={"skip_reason": {"recalled": reason}},
            actor=actor,
            at=at,
        )
    gone = [found[pk] for pk in recalled]
    anew = _write_anew([one for one in gone if reasons[one.pk] is RecallReason.OTHER_AMOUNT],
                       actor, at)  # fmt: skip
    _settle_statements(gone, reasons, anew, actor, at)
    touch_cases(case_ids=[one.case_id for one in gone], at=at)
    return recalled


def _write_anew(messages: Sequence[Message], actor: Actor, at: datetime) -> dict[int, int]:
    """The same messages with what is owed now; the id of each new one by that of the old one."""
    causes = {next_cause(one.cause): one for one in messages}
    ids = queue_messages(
        messages=[
            NewMessage(
                one.case_id,
                MessageChannel(one.channel),
                Template(one.template),
                cause,
                tuple(debt["debt_id"] for debt in one.figures["debts"]),
                {k: v for k, v in one.figures.items() if k not in _OWN_FIGURES},
            )
            for cause, one in causes.items()
        ],
        on=legal_day(at),
        at=at,
        actor=actor,
    )
    made = Message.objects.filter(pk__in=ids).values_list("cause", "id")
    return {causes[cause].pk: pk for cause, pk in made}


def _settle_statements(
    gone: Sequence[Message],
    reasons: Mapping[int, RecallReason],
    anew: Mapping[int, int],
    actor: Actor,
    at: datetime,
) -> None:
    statements = [one.pk for one in gone if one.template == Template.TERMINATION]
    for pk in statements:
        if pk in anew:
            Termination.objects.filter(statement_id=pk, done_on__isnull=True).update(
                statement_id=anew[pk]
            )
    lapsed = {pk: str(reasons[pk]) for pk in statements if pk not in anew}
    lapse_statements(reasons=lapsed, actor=actor, at=at)
