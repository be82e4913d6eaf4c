"""Who works on a case: taking it in hand, keeping it, giving it back, taking it over.

A case is in one person's hands at a time. Nobody is locked out for long: it is free again when
its holder has done nothing for a while, and a colleague may take it over with a reason.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from cases.events import PUT_BACK, TAKEN_IN_HAND, TAKEN_OVER, WORK_CLAIMED
from cases.lifecycle import Tray, WorkStatus
from cases.locking import CaseNotFound
from cases.models import Case, InHand, Presence, TakenOver, WorkItem
from cases.queries.hands import Hand, get_hand
from cases.work_policy import WorkPolicy, work_policy_on
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import by_machine, requires
from kernel.clock import legal_day
from kernel.errors import Conflict, InvalidInput
from staff.approvals import ReasonMissing
from staff.rights import Right


class CaseInHand(Conflict):
    """A colleague works on the case: ``user_name``, ``since``."""

    code = "case_in_hand"


class NotInYourHands(Conflict):
    """The case has been free again, or a colleague has taken it over."""

    code = "not_in_your_hands"


class OnlyPeopleClaim(InvalidInput):
    code = "only_people_claim"


_FREE: Final = """
    NOT EXISTS (SELECT 1 FROM cases_inhand h
                WHERE h.case_id = w.case_id AND h.user_id <> %(user)s AND h.until > %(at)s)
    AND NOT EXISTS (SELECT 1 FROM cases_presence p
                    WHERE p.case_id = w.case_id AND p.user_id <> %(user)s
                      AND p.seen_at > %(gone)s)
"""
#: Who asked to be called at a moment is not called before.
_ITS_TIME_HAS_COME: Final = """
    (coalesce(w.reason->>'code', '') <> 'call_back'
     OR (w.reason->>'at')::timestamptz <= %(at)s)
"""
_CLAIM: Final = f"""
    SELECT w.id, w.case_id, w.priority, w.rank FROM cases_workitem w
    WHERE w.status = 'open' AND w.tray = %(tray)s AND w.{{queue}} AND w.{{due}} AND {{passed}}
      AND NOT w.case_id = ANY(%(lost)s) AND {_FREE} AND {_ITS_TIME_HAS_COME}
    ORDER BY {{order}} LIMIT 1
    FOR NO KEY UPDATE OF w SKIP LOCKED
"""
#: The officer's own cases come first, then those of the team that nobody owns.
_QUEUES: Final = (
    "owner_id = %(user)s",
    "owner_id IS NULL AND (%(team)s::bigint IS NULL OR w.team_id = %(team)s)",
)
#: What is late comes before what is due on the day; the order inside is that of the list.
_DUE: Final = (
    ("due_on < %(on)s", "w.priority, w.rank, w.id"),
    ("due_on = %(on)s", "w.due_on, w.priority, w.rank, w.id"),
)
#: What the officer put back a while ago comes again only when nothing else waits.
_PASSED: Final = (
    "(w.passed_by_id IS DISTINCT FROM %(user)s OR w.passed_at <= %(passed)s)",
    "w.passed_by_id = %(user)s AND w.passed_at > %(passed)s",
)


class _Best(NamedTuple):
    id: int
    case_id: int
    priority: int
    rank: int


@requires(Right.WORK_CASE)
@transaction.atomic
def claim_next_work_item(
    *, on: date, actor: Actor, at: datetime, tray: Tray | None = None
) -> WorkItem | None:
    """The best item due by ``on`` that nobody else has, its case taken in hand; None when none
    waits.

    Late work comes before that of the day, and what is owed to a debtor before money. Two
    officers who ask at once get two cases. Who has an unfinished item in hand gets it again.
    """
    if actor.user_id is None:
        raise OnlyPeopleClaim(actor_kind=actor.kind)
    policy = work_policy_on(legal_day(at))
    if (held := _held_item(actor.user_id, tray, at)) is not None:
        InHand.objects.filter(case_id=held.case_id).update(until=at + policy.lease)
        return held
    values: dict[str, Any] = {
        "on": on,
        "at": at,
        "user": actor.user_id,
        "team": actor.team_id,
        "gone": at - policy.presence,
        "passed": at - policy.put_back,
        "lost": [],
    }
    while (best := _best(values, [tray] if tray else list(Tray))) is not None:
        if _take(best.case_id, best.id, actor.user_id, policy, at):
            _release_others(actor.user_id, best.case_id)
            return _tell_claim(best.id, actor, at, policy)
        values["lost"].append(best.case_id)
    return None


def _held_item(user_id: int, tray: Tray | None, at: datetime) -> WorkItem | None:
    """Of the cases in hand, the unfinished item that was taken last."""
    hands = InHand.objects.filter(user_id=user_id, until__gt=at, work_item__status="open")
    if tray is not None:
        hands = hands.filter(work_item__tray=tray)
    hand = hands.select_related("work_item__case").order_by("-since").first()
    return hand.work_item if hand else None


def _best(values: dict[str, Any], trays: list[Tray]) -> _Best | None:
    for passed in _PASSED:
        for queue in _QUEUES:
            for due, order in _DUE:
                sql = _CLAIM.format(queue=queue, due=due, order=order, passed=passed)
                found = [best for tray in trays if (best := _first(sql, values, tray))]
                if found:
                    return min(found, key=lambda best: (best.priority, best.rank, best.id))
    return None


def _first(sql: str, values: dict[str, Any], tray: Tray) -> _Best | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, {**values, "tray": str(tray)})
        row = cursor.fetchone()
    return _Best(*row) if row else None


_TAKE: Final = """
    INSERT INTO cases_inhand (case_id, user_id, work_item_id, since, until)
    VALUES (%(case)s, %(user)s, %(item)s, %(at)s, %(until)s)
    ON CONFLICT (case_id) DO UPDATE
    SET user_id = excluded.user_id, until = excluded.until,
        work_item_id = coalesce(excluded.work_item_id, CASE
            WHEN cases_inhand.user_id = excluded.user_id THEN cases_inhand.work_item_id END),
        since = CASE WHEN cases_inhand.user_id = excluded.user_id AND cases_inhand.until > %(at)s
                     THEN cases_inhand.since ELSE excluded.since END
    WHERE {free}
"""
_TAKE_FREE: Final = _TAKE.format(
    free="cases_inhand.user_id = excluded.user_id OR cases_inhand.until <= %(at)s"
)
_TAKE_ANY: Final = _TAKE.format(free="TRUE")


def _take(
    case_id: int,
    work_item_id: int | None,
    user_id: int,
    policy: WorkPolicy,
    at: datetime,
    *,
    by_force: bool = False,
) -> bool:
    """False where a colleague has the case."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE_ANY if by_force else _TAKE_FREE,
            {
                "case": case_id,
                "item": work_item_id,
                "user": user_id,
                "at": at,
                "until": at + policy.lease,
            },
        )
        return bool(cursor.rowcount)


def _release_others(user_id: int, case_id: int) -> None:
    """Whoever takes another case gives the first one free."""
    InHand.objects.filter(user_id=user_id).exclude(case_id=case_id).delete()


def _tell_claim(item_id: int, actor: Actor, at: datetime, policy: WorkPolicy) -> WorkItem:
    item = WorkItem.objects.select_related("case").get(pk=item_id)
    record_event(
        kind=WORK_CLAIMED,
        subject=Subject("case", item.case_id),
        payload={"work_item_id": item.pk, "kind": item.kind, "until": at + policy.lease},
        actor=actor,
        at=at,
    )
    return item


@requires(Right.WORK_CASE)
@transaction.atomic
def take_case_in_hand(*, case_id: int, actor: Actor, at: datetime) -> Hand:
    """Take a case without the queue; another case in the person's hands becomes free.

    Raises CaseInHand while a colleague has it, CaseNotFound.
    """
    hand = _work_on(case_id, actor, at)
    _release_others(hand.user_id, case_id)
    return hand


@requires(Right.WORK_CASE)
@transaction.atomic
def keep_in_hand(*, case_id: int, actor: Actor, at: datetime) -> Hand:
    """Whatever a person does about a case: it stays, or comes, into their hands.

    Other cases in their hands stay there. Raises CaseInHand while a colleague has it: to go on,
    take it over with a reason. Raises CaseNotFound.
    """
    return _work_on(case_id, actor, at)


@by_machine
def extend_hand(*, case_id: int, actor: Actor, at: datetime) -> None:
    """Whoever has the case in hand and opens one of its pages keeps it; for others nothing."""
    if actor.user_id is not None:
        InHand.objects.filter(case_id=case_id, user_id=actor.user_id, until__gt=at).update(
            until=at + work_policy_on(legal_day(at)).lease
        )


def _work_on(case_id: int, actor: Actor, at: datetime) -> Hand:
    user_id = _person(actor)
    _check_case(case_id, actor)
    policy = work_policy_on(legal_day(at))
    before = get_hand(case_id=case_id, at=at)
    taken = _take(case_id, None, user_id, policy, at)
    hand = get_hand(case_id=case_id, at=at)
    if not taken or hand is None:
        raise _in_hand(hand)
    if before is None or before.user_id != user_id:
        record_event(
            kind=TAKEN_IN_HAND,
            subject=Subject("case", case_id),
            payload={"until": at + policy.lease},
            actor=actor,
            at=at,
        )
    return hand


@requires(Right.WORK_CASE)
@transaction.atomic
def take_over_case(*, case_id: int, reason: str, actor: Actor, at: datetime) -> Hand:
    """Take a case out of a colleague's hands; they are told on their next page.

    Raises ReasonMissing, CaseNotFound. A case that is free meanwhile is simply taken.
    """
    if not reason.strip():
        raise ReasonMissing
    user_id = _person(actor)
    _check_case(case_id, actor)
    InHand.objects.select_for_update(no_key=True).filter(case_id=case_id).first()
    before = get_hand(case_id=case_id, at=at)
    if before is None or before.user_id == user_id:
        return take_case_in_hand(case_id=case_id, actor=actor, at=at)
    policy = work_policy_on(legal_day(at))
    _take(case_id, before.work_item_id, user_id, policy, at, by_force=True)
    _release_others(user_id, case_id)
    record_event(
        kind=TAKEN_OVER,
        subject=Subject("case", case_id),
        payload={"from_user_id": before.user_id, "from_name": before.user_name, "reason": reason},
        actor=actor,
        at=at,
    )
    TakenOver.objects.create(
        case_id=case_id,
        from_user_id=before.user_id,
        by_user_id=user_id,
        reason=reason,
        happened_at=at,
    )
    hand = get_hand(case_id=case_id, at=at)
    assert hand is not None
    return hand


@requires(Right.WORK_CASE)
@transaction.atomic
def put_back_case(*, case_id: int, actor: Actor, at: datetime, reason: str = "") -> None:
    """Give a case free again without having done its work; others are offered it first.

    Raises NotInYourHands.
    """
    user_id = _person(actor)
    hand = InHand.objects.filter(case_id=case_id, user_id=user_id, until__gt=at)
    found = hand.select_related("work_item").first()
    if found is None:
        raise NotInYourHands(case_id=case_id)
    item = found.work_item
    if item is not None and item.status == WorkStatus.OPEN:
        WorkItem.objects.filter(pk=item.pk).update(passed_by_id=user_id, passed_at=at)
    hand.delete()
    about = {"work_item_id": item.pk, "kind": item.kind} if item else {}
    record_event(
        kind=PUT_BACK,
        subject=Subject("case", case_id),
        payload={**about, "reason": reason},
        actor=actor,
        at=at,
    )


@requires(Right.WORK_CASE)
def note_presence(*, case_id: int, actor: Actor, at: datetime) -> None:
    """Somebody who may work on the case looks at its page. Raises CaseNotFound."""
    user_id = _person(actor)
    _check_case(case_id, actor)
    gone = at - work_policy_on(legal_day(at)).presence
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO cases_presence (case_id, user_id, since, seen_at)
            VALUES (%(case)s, %(user)s, %(at)s, %(at)s)
            ON CONFLICT (case_id, user_id) DO UPDATE
            SET seen_at = excluded.seen_at,
                since = CASE WHEN cases_presence.seen_at > %(gone)s
                             THEN cases_presence.since ELSE excluded.since END
            """,
            {"case": case_id, "user": user_id, "at": at, "gone": gone},
        )
    Presence.objects.filter(case_id=case_id, seen_at__lte=gone).delete()


@requires(Right.WORK_CASE)
def mark_told(*, taken_over_id: int, actor: Actor, at: datetime) -> None:
    """The person has read that a colleague took a case over from them."""
    TakenOver.objects.filter(
        pk=taken_over_id, from_user_id=_person(actor), seen_at__isnull=True
    ).update(seen_at=at)


@by_machine
def check_hands(*, case_id: int, actor: Actor, at: datetime) -> None:
    """Raises CaseInHand while a colleague has the case."""
    hand = get_hand(case_id=case_id, at=at)
    if hand is not None and hand.user_id != actor.user_id:
        raise _in_hand(hand)


@by_machine
def release_hands(*, case_id: int, work_item_id: int, actor: Actor) -> None:
    """The work is done or put aside: the actor's hands are free of it."""
    if actor.user_id is None:
        return
    hands = InHand.objects.filter(case_id=case_id, user_id=actor.user_id)
    hands.filter(work_item_id=work_item_id).delete()
    if not WorkItem.objects.filter(case_id=case_id, status="open").exists():
        hands.delete()


def _in_hand(hand: Hand | None) -> CaseInHand:
    if hand is None:
        return CaseInHand()
    return CaseInHand(user_name=hand.user_name, since=hand.since, until=hand.until)


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise OnlyPeopleClaim(actor_kind=actor.kind)
    return actor.user_id


def _check_case(case_id: int, actor: Actor) -> None:
    cases = Case.objects.filter(pk=case_id)
    if actor.team_id is not None:
        cases = cases.filter(team_id=actor.team_id)
    if not cases.exists():
        raise CaseNotFound(case_id=case_id)
