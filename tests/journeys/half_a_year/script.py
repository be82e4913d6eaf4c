"""Half a year over one portfolio: who acts, when, and by which operations.

A manager decides what is proposed, a legal officer what goes to court, the post carries letters,
agencies get files, courts get claims. Nobody pays. Chance is the same in every run.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from agencies.lifecycle import PlacementStatus
from agencies.models import Agency, Placement
from agencies.operations import NothingToPlace, add_agency, make_placement_batch
from cases.queries.approvals import ApprovalRow
from collections_app.day_close import ClosedDay, close_days
from contacts.deliveries import DeliveryEntry
from contacts.lifecycle import MessageChannel, MessageStatus
from contacts.models import Message
from contacts.operations import dispatch_messages, record_deliveries
from courts.lifecycle import Procedure, ReferralStatus
from courts.models import Referral
from courts.operations import file_referral
from debtors.intake.profile import load_profile
from debtors.operations import IntakeOptions, import_portfolio
from desk.approvals import Verdict, decide_approval, each_approval
from journal.delivery import deliver_pending
from journal.partitions import ensure_partitions
from kernel import clock
from kernel.actor import Actor, system_actor
from kernel.calendar import POLAND
from staff.models import Team, User
from staff.operations import create_user, issue_token
from staff.queries import get_actor
from staff.rights import Role, Scope

PROFILE: Final = "tests/profiles/uci_credit_card.toml"
FIRST: Final = date(2025, 10, 1)
DAYS: Final = 180

_MACHINE: Final = system_actor("half_a_year")
_ROLES: Final = (Role.OFFICER, Role.MANAGER, Role.LEGAL)
_LOST_OF_LETTERS: Final = 0.05
_NEVER_DECIDED: Final = 0.03
_WORKING_DAYS_TO_FILE: Final = 3
_MONDAY: Final = 0


@dataclass(slots=True)
class Story:
    """``token`` is of a REST client that may read; the counts are of what people did."""

    manager: Actor
    legal: Actor
    officer: User
    token: str
    verdicts: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)


def begin(*, file: Path, first: date = FIRST, days: int = DAYS) -> tuple[Story, dict[str, Any]]:
    """Hire the people and take the file in as of ``first``; what the intake counted beside."""
    ensure_partitions(since=first, months=days // 28 + 2)
    with clock.fixed_at(clock.instant(first, time(6))):
        story = _hire(clock.now())
        taken_in = import_portfolio(
            path=file,
            profile=load_profile(PROFILE),
            as_of=first,
            options=IntakeOptions(),
            actor=_MACHINE,
            at=clock.now(),
        )
    return story, dict(taken_in)


def _hire(at: datetime) -> Story:
    team = Team.objects.create(name="Cards")
    for role in _ROLES:
        create_user(
            username=f"half.a.year.{role}",
            full_name=f"Half a Year, {role}",
            role=role,
            team=team if role is Role.OFFICER else None,
            password="half a year of silence",
            actor=_MACHINE,
            at=at,
        )
    manager = get_actor(user=User.objects.get(role=Role.MANAGER))
    for name, term_days in (("Month Collect", 30), ("Quarter Collect", 90)):
        add_agency(
            name=name,
            permit_no=f"KNF/{term_days}",
            permit_until=None,
            exclusion_ground=None,
            commission_bp=1_500,
            term_days=term_days,
            actor=manager,
            at=at,
        )
    return recall(at)


def recall(at: datetime) -> Story:
    """The people of a story that has begun, and a new token."""
    people = {role: User.objects.get(username=f"half.a.year.{role}") for role in _ROLES}
    token = issue_token(
        client_name="Half a year",
        scopes=[Scope.READ_CASES, Scope.READ_TIMELINE],
        valid_days=366,
        actor=_MACHINE,
        at=at,
    )
    return Story(
        manager=get_actor(user=people[Role.MANAGER]),
        legal=get_actor(user=people[Role.LEGAL]),
        officer=people[Role.OFFICER],
        token=token,
    )


def live(
    story: Story,
    *,
    first: date = FIRST,
    days: int = DAYS,
    each_morning: Callable[[date], None] | None = None,
) -> Iterator[ClosedDay]:
    """People by day, the close of the day by night; ``each_morning`` comes after the close."""
    for number in range(days):
        on = first + timedelta(days=number)
        if POLAND.is_working_day(on):
            with clock.fixed_at(clock.instant(on, time(9, 30))):
                _day_of_people(story, on, clock.now())
        next_day = on + timedelta(days=1)
        with clock.fixed_at(clock.instant(next_day, time(0, 30))):
            yield from close_days(through=on, today=clock.today(), at=clock.now())
        if each_morning is not None:
            with clock.fixed_at(clock.instant(next_day, time(8))):
                each_morning(next_day)


def _day_of_people(story: Story, on: date, at: datetime) -> None:
    _hand_over(story, at)
    _deliver(story, on, at)
    _place(story, on, at)
    _file(story, on, at)
    _decide(story, on, at)
    deliver_pending(at=at)


def _chance(*what: object) -> random.Random:
    return random.Random(":".join(map(str, ("half a year", *what))))


def _hand_over(story: Story, at: datetime) -> None:
    """Everything that is queued goes out, or is skipped by the guard."""
    for channel in MessageChannel:
        after = 0
        while True:
            sent = dispatch_messages(channel=channel, actor=story.manager, at=at, after_id=after)
            seen = [*sent.handed_over, *sent.skipped, *sent.waiting]
            if not seen:
                break
            story.done["handed_over"] += len(sent.handed_over)
            story.done["skipped"] += len(sent.skipped)
            after = max(seen)


def _deliver(story: Story, on: date, at: datetime) -> None:
    """A letter arrives 3 to 7 days after it was handed over, one of twenty never does."""
    under_way = Message.objects.filter(status=MessageStatus.HANDED_OVER).order_by("id")
    entries: list[DeliveryEntry] = []
    for pk, channel, since in under_way.values_list("id", "channel", "handed_over_on"):
        assert since is not None
        arrives_on = since if channel != MessageChannel.LETTER else _arrival(pk, since)
        if arrives_on is not None and arrives_on <= on:
            entry = DeliveryEntry(len(entries) + 1, str(pk), MessageStatus.DELIVERED, arrives_on)
            entries.append(entry)
    if entries:
        report = record_deliveries(entries=entries, on=on, actor=story.manager, at=at)
        assert not report.refused, report.refused[:5]
        story.done["delivered"] += report.delivered


def _arrival(message_id: int, handed_over_on: date) -> date | None:
    chance = _chance("post", message_id)
    lost = chance.random() < _LOST_OF_LETTERS
    return None if lost else handed_over_on + timedelta(days=chance.randint(3, 7))


def _decide(story: Story, on: date, at: datetime) -> None:
    """The inbox shows so many at once; it is read until nothing is left to decide today."""
    while ready := [row for row in each_approval(actor=story.manager) if _is_ready(row, on)]:
        for row in ready:
            number = story.verdicts.total()
            verdict = Verdict.REFUSE if number % 3 == 2 else Verdict.GRANT
            decide_approval(
                kind=row.kind,
                proposal_id=row.id,
                verdict=verdict,
                reason="Two of three are granted.",
                actor=story.legal if row.kind == "referral" else story.manager,
                at=at,
            )
            story.verdicts[f"{row.kind} {verdict}"] += 1


def _is_ready(row: ApprovalRow, on: date) -> bool:
    """After one to five days; a small share is never looked at."""
    chance = _chance("decide", row.kind, row.id)
    if chance.random() < _NEVER_DECIDED:
        return False
    return (on - clock.legal_day(row.proposed_at)).days >= chance.randint(1, 5)


def _place(story: Story, on: date, at: datetime) -> None:
    """On Mondays, what is approved goes to the two agencies by halves."""
    if on.weekday() != _MONDAY:
        return
    waiting = Placement.objects.filter(status=PlacementStatus.APPROVED).count()
    for agency_id, limit in zip(
        Agency.objects.order_by("id").values_list("id", flat=True),
        (max(1, waiting // 2), max(1, waiting)),
        strict=True,
    ):
        with suppress(NothingToPlace):
            made = make_placement_batch(
                agency_id=agency_id, actor=story.manager, at=at, limit=limit
            )
            story.done["batches"] += 1
            story.done["placed"] += made.batch.placements_count


def _file(story: Story, on: date, at: datetime) -> None:
    """What is approved is filed a few days later; the court does not answer."""
    approved = Referral.objects.filter(status=ReferralStatus.APPROVED).order_by("id")
    for pk, decided_at in approved.values_list("id", "decided_at"):
        assert decided_at is not None
        decided_on = clock.legal_day(decided_at)
        if POLAND.add_working_days(decided_on, _WORKING_DAYS_TO_FILE) <= on:
            file_referral(
                referral_id=pk,
                procedure=Procedure.UPOMINAWCZE,
                court="District Court",
                docket_no=f"I Nc {pk}",
                filed_on=on,
                with_counsel=False,
                actor=story.legal,
                at=at,
            )
            story.done["filed"] += 1
