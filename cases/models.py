"""The case file: one per debtor, with its holds and the work it makes for people."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from cases.lifecycle import (
    DATA_WORK,
    Answer,
    CaseStatus,
    Handler,
    HoldKind,
    Stage,
    SwitchKind,
    SwitchStatus,
    Tray,
    WorkKind,
    WorkStatus,
)


class Case(models.Model):
    """All debts in arrears of one debtor, carried together.

    ``updated_at`` moves with every event that a reader of the case would want to know of.

    What the ledger says of the case, kept for the lists since the last posting: what is overdue
    in ``overdue_currency``, in which most is, since when anything is due, and the products.
    """

    number = models.CharField(max_length=20, unique=True, db_collation="C")
    debtor = models.OneToOneField("debtors.Debtor", models.PROTECT, related_name="case")
    status = models.CharField(
        max_length=6, choices=[(s, s) for s in CaseStatus], default=CaseStatus.OPEN
    )
    stage = models.CharField(
        max_length=14, choices=[(s, s) for s in Stage], default=Stage.DIRECT_CONTACT
    )
    handled_by = models.CharField(
        max_length=9, choices=[(h, h) for h in Handler], default=Handler.HOUSE
    )
    team = models.ForeignKey("staff.Team", models.PROTECT, null=True, related_name="cases")
    owner = models.ForeignKey("staff.User", models.PROTECT, null=True, related_name="cases")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    updated_at = models.DateTimeField()
    overdue_minor = models.BigIntegerField(default=0, db_default=0)
    overdue_currency = models.CharField(max_length=3, blank=True, default="", db_default="")
    due_since = models.DateField(null=True)
    products = ArrayField(models.CharField(max_length=16), default=list, db_default=[])

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="open", closed_on__isnull=True)
                | Q(status="closed", closed_on__isnull=False),
                name="case_closed_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="case_not_closed_before_it_was_opened",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "stage", "id"], name="case_by_stage"),
            models.Index(fields=["team", "status", "id"], name="case_by_team"),
            models.Index(fields=["updated_at", "id"], name="case_by_change"),
            GinIndex(fields=["products"], name="case_by_product"),
            # Lists of the whole book count by these figures without reading the cases.
            models.Index(
                fields=["due_since", "id"],
                include=["overdue_minor", "overdue_currency", "team", "owner"],
                condition=Q(status="open"),
                name="case_by_figures",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Hold(models.Model):
    """A reason why something must wait. Open from ``from_on`` until it is ended.

    ``until_on`` is its last day, where it is known; the day close ends it after that day.
    ``cause`` names the thing that carries it (``promise:17``), empty for one placed by hand.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=24, choices=[(k, k) for k in HoldKind])
    cause = models.CharField(max_length=60, default="", blank=True, db_default="")
    reason = models.CharField(max_length=500, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    placed_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "kind", "cause"],
                condition=Q(ended_on__isnull=True),
                name="hold_one_open_per_kind_and_cause",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="hold_until_not_before_from",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["until_on"], condition=Q(ended_on__isnull=True), name="hold_to_end"
            ),
            models.Index(
                fields=["cause"],
                condition=Q(ended_on__isnull=True) & ~Q(cause=""),
                name="hold_by_cause",
            ),
        ]


class WorkItem(models.Model):
    """Something for a person to do about a case; one open per case and kind.

    The order of a day is ``priority``, then ``rank``: lower is sooner. ``rank`` follows from
    what is overdue in ``currency`` since ``due_since`` and its ``chance`` (per ten thousand), as
    they were when the item was last valued (see ``work_policy.py``). ``reason`` holds codes and
    values. ``team`` and ``owner`` are the case's, kept with it, so that a queue is one index
    range.

    ``put_aside_*``: a person moved it to ``due_on`` from ``first_due_on`` and said why.
    ``passed_*``: who put it back last, so that it is offered to others first.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="work_items")
    kind = models.CharField(max_length=20, choices=[(k, k) for k in WorkKind])
    tray = models.CharField(
        max_length=4, choices=[(t, t) for t in Tray], default=Tray.NOW, db_default="now"
    )
    status = models.CharField(
        max_length=9, choices=[(s, s) for s in WorkStatus], default=WorkStatus.OPEN
    )
    team = models.ForeignKey(
        "staff.Team", models.PROTECT, null=True, related_name="+", db_index=False
    )
    owner = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    due_on = models.DateField()
    first_due_on = models.DateField(null=True)
    priority = models.SmallIntegerField(default=50)
    rank = models.BigIntegerField(default=0, db_default=0)
    overdue_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True, default="", db_default="")
    due_since = models.DateField(null=True)
    answer = models.CharField(
        max_length=11, choices=[(a, a) for a in Answer], default=Answer.NONE, db_default="none"
    )
    chance = models.SmallIntegerField(null=True)
    expected_minor = models.BigIntegerField(null=True)
    reason = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    put_aside_by = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    put_aside_reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    passed_by = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    passed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(status="open"),
                name="work_item_one_open_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(put_aside_by__isnull=True, first_due_on__isnull=True)
                | Q(put_aside_by__isnull=False, first_due_on__isnull=False)
                & ~Q(put_aside_reason=""),
                name="work_item_put_aside_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(tray=Tray.DATA, kind__in=sorted(DATA_WORK))
                | Q(tray=Tray.NOW) & ~Q(kind__in=sorted(DATA_WORK)),
                name="work_item_in_the_tray_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(passed_by__isnull=True, passed_at__isnull=True)
                | Q(passed_by__isnull=False, passed_at__isnull=False),
                name="work_item_passed_at_a_moment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tray", "due_on", "priority", "rank", "id"],
                condition=Q(status="open"),
                name="work_item_queue",
            ),
            models.Index(
                fields=["tray", "priority", "rank", "id"],
                condition=Q(status="open"),
                name="work_item_by_rank",
            ),
            models.Index(
                fields=["team", "tray", "due_on", "priority", "rank", "id"],
                condition=Q(status="open"),
                name="work_item_team_queue",
            ),
            models.Index(
                fields=["owner", "tray", "due_on", "priority", "rank", "id"],
                condition=Q(status="open", owner__isnull=False),
                name="work_item_own_queue",
            ),
        ]


class LastAnswer(models.Model):
    """How the debtor of a case last answered; a call that reached nobody changes no answer.

    A row beside the case, so that whoever logs a call waits for no lock on the case itself.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="last_answer")
    answer = models.CharField(max_length=11, choices=[(a, a) for a in Answer])
    answered_on = models.DateField()


class InHand(models.Model):
    """Who works on a case now, and until when if nothing more is done; one person at a time.

    A row whose ``until`` has passed means nothing. ``work_item`` is what they took it for.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="in_hand")
    user = models.ForeignKey("staff.User", models.PROTECT, related_name="+")
    work_item = models.ForeignKey(
        WorkItem, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="in_hand_for_a_while")
        ]


class Presence(models.Model):
    """Somebody who may work on the case has its page open, as their browser last said."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey("staff.User", models.CASCADE, related_name="+", db_index=False)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "user"], name="presence_once")
        ]


class TakenOver(models.Model):
    """A case went from one person's hands into another's, and the first is yet to be told."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+", db_index=False)
    from_user = models.ForeignKey("staff.User", models.CASCADE, related_name="+", db_index=False)
    by_user = models.ForeignKey("staff.User", models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=200)
    happened_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["from_user", "id"],
                condition=Q(seen_at__isnull=True),
                name="taken_over_to_tell",
            )
        ]


class Note(models.Model):
    """What a person wrote down about a case. Struck out, it stays; nothing of it is deleted."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    text = models.TextField()
    is_pinned = models.BooleanField(default=False)
    written_by = models.ForeignKey("staff.User", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="note_says_something"),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True) | Q(is_pinned=False),
                name="note_struck_out_is_not_pinned",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["case"],
                condition=Q(is_pinned=True),
                name="note_pinned",
            )
        ]


class RedSwitch(models.Model):
    """Something that was switched off at least once. What has no row was never switched off.

    ``key`` is described in ``switches.py``; reason, person and instant are those of the last
    turn, and the journal keeps every one.
    """

    kind = models.CharField(max_length=10, choices=[(k, k) for k in SwitchKind])
    key = models.CharField(max_length=60, db_collation="C")
    status = models.CharField(
        max_length=3, choices=[(s, s) for s in SwitchStatus], default=SwitchStatus.ON
    )
    reason = models.CharField(max_length=500)
    turned_by = models.ForeignKey("staff.User", models.PROTECT, null=True, related_name="+")
    turned_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="red_switch_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in SwitchKind])
                & Q(status__in=[status.value for status in SwitchStatus]),
                name="red_switch_known",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="red_switch_says_why"),
        ]
