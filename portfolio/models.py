"""The book as it stood at the close of a day: a narrow row per case, and sums for the boards."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q


def _link(to: str, *, null: bool = False) -> models.ForeignKey[Any, Any]:
    """A link that the database does not check, nor index by itself.

    The rows are copied from the things they name in the statement that writes them, and none of
    those is ever deleted; to check the four links of every case would double the night's cost.
    """
    return models.ForeignKey(
        to, models.PROTECT, null=null, related_name="+", db_index=False, db_constraint=False
    )


class Snapshot(models.Model):
    """One row per day of which the book was kept: when it was read, and how many rows it has.

    ``previous_on`` is the close that the day's flows were counted from; None on the first day,
    which has none. ``through_transaction_id`` is the last posting that the balances of the day
    hold; None where that was not noted.
    """

    taken_on = models.DateField(primary_key=True)
    taken_at = models.DateTimeField()
    cases = models.IntegerField()
    previous_on = models.DateField(null=True)
    through_transaction_id = models.BigIntegerField(null=True)


class _Placed(models.Model):
    """What a reader filters by. ``product`` is that of the debt which is due longest."""

    team = _link("staff.Team", null=True)
    product = models.CharField(max_length=16, default="", db_default="", blank=True)
    strategy = _link("escalation.Strategy", null=True)

    class Meta:
        abstract = True


class CaseSnapshot(_Placed):
    """An open case in one currency at the close of ``taken_on``; kept for a while.

    ``bucket`` is a place in ``portfolio.buckets.BUCKETS``. The days past due are those of the
    whole case, so that one case stands in one bucket whatever its currencies. ``default_minor``
    is what is outstanding on those of its debts that are in default.
    """

    taken_on = models.DateField()
    case = _link("cases.Case")
    currency = models.CharField(max_length=3)
    stage = models.CharField(max_length=14)
    owner = _link("staff.User", null=True)
    bucket = models.PositiveSmallIntegerField()
    days_past_due = models.IntegerField()
    due_minor = models.BigIntegerField()
    outstanding_minor = models.BigIntegerField()
    default_minor = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["taken_on", "case", "currency"], name="case_snapshot_once"
            ),
            models.CheckConstraint(
                condition=Q(days_past_due__gte=0), name="case_snapshot_days_not_negative"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["taken_on", "currency", "stage", "bucket", "case"],
                name="case_snapshot_cell",
            ),
            models.Index(
                fields=["taken_on", "currency", "-due_minor", "-case"],
                name="case_snapshot_by_due",
            ),
        ]


class DailySummary(_Placed):
    """Count and money of the open cases of one place; kept for good."""

    taken_on = models.DateField()
    currency = models.CharField(max_length=3)
    stage = models.CharField(max_length=14)
    bucket = models.PositiveSmallIntegerField()
    cases = models.IntegerField()
    due_minor = models.BigIntegerField()
    outstanding_minor = models.BigIntegerField()
    default_cases = models.IntegerField(default=0, db_default=0)
    default_minor = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["taken_on", "currency", "stage", "bucket", "team", "product", "strategy"],
                nulls_distinct=False,
                name="daily_summary_once",
            )
        ]


class DayEntry(_Placed):
    """A line of an ``EntryKind`` behind a figure of the day ``taken_on``; kept for a while.

    The case stands in it as it stood at the close before (flows) or at the close of the day.
    ``subject_id`` is the thing that it tells of, such as an attempt or a work item; ``event_on``
    is that thing's own day, such as the end of a term. No currency where no money is told of.
    """

    taken_on = models.DateField()
    kind = models.CharField(max_length=16)
    code = models.CharField(max_length=40, default="", db_default="", blank=True)
    case = _link("cases.Case")
    currency = models.CharField(max_length=3, default="", db_default="", blank=True)
    stage = models.CharField(max_length=14)
    bucket = models.PositiveSmallIntegerField()
    officer = _link("staff.User", null=True)
    money_minor = models.BigIntegerField(default=0, db_default=0)
    due_minor = models.BigIntegerField(default=0, db_default=0)
    subject_id = models.BigIntegerField(null=True)
    event_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "taken_on", "id"], name="day_entry_by_kind"),
            models.Index(fields=["taken_on"], name="day_entry_by_day"),
        ]


class FigureSum(_Placed):
    """The sum of lines along one ``Grain``; what that leaves out is empty. Kept for good."""

    taken_on = models.DateField()
    grain = models.CharField(max_length=7)
    kind = models.CharField(max_length=16)
    code = models.CharField(max_length=40, default="", db_default="", blank=True)
    currency = models.CharField(max_length=3, default="", db_default="", blank=True)
    stage = models.CharField(max_length=14, default="", db_default="", blank=True)
    bucket = models.PositiveSmallIntegerField(null=True)
    officer = _link("staff.User", null=True)
    entries = models.IntegerField()
    money_minor = models.BigIntegerField()
    due_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    "grain", "kind", "taken_on", "currency", "team", "officer", "product",
                    "strategy", "code", "stage", "bucket",
                ],
                nulls_distinct=False,
                name="figure_sum_once",
            )
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["taken_on"], name="figure_sum_by_day")]


class RollSum(_Placed):
    """Where the cases of one bucket of the close ``from_on`` stood at the close ``taken_on``.

    ``outcome`` is a place in ``BUCKETS`` or one of the outcomes in ``portfolio.entries``; money
    is what was due at ``from_on``.
    """

    taken_on = models.DateField()
    from_on = models.DateField()
    currency = models.CharField(max_length=3)
    bucket = models.PositiveSmallIntegerField()
    outcome = models.PositiveSmallIntegerField()
    cases = models.IntegerField()
    due_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    "taken_on", "from_on", "currency", "bucket", "outcome", "team", "product",
                    "strategy",
                ],
                nulls_distinct=False,
                name="roll_sum_once",
            )
        ]  # fmt: skip


class PaymentTarget(models.Model):
    """What should be paid in a month in one currency: by one team, or by all where it has none.

    ``month_on`` is the first day of the month.
    """

    month_on = models.DateField()
    currency = models.CharField(max_length=3)
    team = models.ForeignKey("staff.Team", models.PROTECT, null=True, related_name="+")
    amount_minor = models.BigIntegerField()
    set_by = models.ForeignKey("staff.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["month_on", "currency", "team"],
                nulls_distinct=False,
                name="payment_target_once",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0) & Q(month_on__day=1),
                name="payment_target_of_a_month",
            ),
        ]
