"""People and firms, how to reach them, what they owe, and where each field came from."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value

from debtors.lifecycle import (
    AddressKind,
    Channel,
    ContactPointKind,
    DebtorKind,
    PartyRole,
    Product,
    RunStatus,
    Tone,
)
from debtors.regulatory import DefaultReason, Forborne


class IntakeRun(models.Model):
    """One run of one file: what was read, refused and done.

    ``counts`` holds the figures that ``--json`` prints; ``refusal`` the code and values of what
    stopped the whole file. One file of one day is taken in once, whoever asks.
    """

    file_name = models.CharField(max_length=255)
    file_sha256 = models.BinaryField(max_length=32)
    profile = models.CharField(max_length=100)
    profile_sha256 = models.CharField(max_length=64)
    as_of_on = models.DateField()
    full = models.BooleanField(default=False)
    options = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=[(s, s) for s in RunStatus])
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    rows_done = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    refusal = models.JSONField(default=dict)
    error_file = models.CharField(max_length=500, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["file_sha256", "profile_sha256", "as_of_on", "full"],
                condition=Q(status="done"),
                name="intake_file_taken_in_once",
            )
        ]


class Debtor(models.Model):
    """A person, sole trader or company that owes or answers for a debt.

    Identifiers are sealed; the fingerprints find them. ``sort_key`` sorts by the Polish
    alphabet, ``search`` holds the words of the name without diacritics.
    """

    external_id = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12, choices=[(k, k) for k in DebtorKind])
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=150, blank=True)
    company_name = models.CharField(max_length=300, blank=True)
    display_name = models.CharField(max_length=400)
    sort_key = models.CharField(max_length=900, db_collation="C")
    search = SearchVectorField()
    pesel_sealed = models.BinaryField(null=True)
    pesel_fingerprint = models.BinaryField(null=True)
    nip_sealed = models.BinaryField(null=True)
    nip_fingerprint = models.BinaryField(null=True)
    regon_sealed = models.BinaryField(null=True)
    regon_fingerprint = models.BinaryField(null=True)
    language = models.CharField(max_length=2, default="pl", db_default="pl")
    preferred_channel = models.CharField(
        max_length=8, choices=[(c, c) for c in Channel], blank=True, default="", db_default=""
    )
    tone = models.CharField(
        max_length=8, choices=[(t, t) for t in Tone], default=Tone.NEUTRAL, db_default="neutral"
    )
    updated_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["search"], name="debtor_search"),
            models.Index(OpClass(F("sort_key"), name="text_pattern_ops"), name="debtor_sort"),
            *(
                models.Index(
                    fields=[f"{name}_fingerprint"],
                    name=f"debtor_{name}",
                    condition=Q(**{f"{name}_fingerprint__isnull": False}),
                )
                for name in ("pesel", "nip", "regon")
            ),
        ]

    def __str__(self) -> str:
        return self.display_name


class Address(models.Model):
    debtor = models.ForeignKey(Debtor, models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=14, choices=[(k, k) for k in AddressKind])
    street = models.CharField(max_length=200)
    postal_code = models.CharField(max_length=12)
    city = models.CharField(max_length=100)
    country = models.CharField(max_length=2, default="PL", db_default="PL")
    is_usable = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["debtor", "kind"], name="address_once_per_kind")
        ]


class ContactPoint(models.Model):
    """A phone number (E.164) or an e-mail address (lower case)."""

    debtor = models.ForeignKey(Debtor, models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=8, choices=[(k, k) for k in ContactPointKind])
    value = models.CharField(max_length=254, db_collation="C")
    is_usable = models.BooleanField(default=True, db_default=True)
    source = models.CharField(max_length=10, default="feed", db_default="feed")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["debtor", "value"], name="contact_point_once")
        ]
        indexes: ClassVar = [models.Index(fields=["value"], name="contact_point_value")]


class Debt(models.Model):
    """One claim of the bank. Its money stands in its ledger account.

    ``seen_in_run`` is the run that last wrote the row; an extract that brings nothing new
    rewrites nothing. ``missing_since`` is the day of the full extract that lacked the debt.
    ``problems`` are codes of ``DataProblem``, less those a person has looked at and waived.
    """

    account = models.OneToOneField("ledger.Account", models.PROTECT, related_name="debt")
    external_id = models.CharField(max_length=80, unique=True)
    product = models.CharField(max_length=16, choices=[(p, p) for p in Product])
    contract_no = models.CharField(max_length=80, db_collation="C", db_index=True)
    contract_on = models.DateField(null=True)
    currency = models.CharField(max_length=3)
    contract_rate = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    is_consumer = models.BooleanField(default=True)
    terminated_on = models.DateField(null=True)
    limitation_on = models.DateField(null=True)
    seen_in_run = models.ForeignKey(IntakeRun, models.PROTECT, related_name="+")
    missing_since = models.DateField(null=True)
    problems = models.JSONField(default=list)
    waived_problems = models.JSONField(default=list, db_default=[])
    bank_account_no = models.CharField(max_length=34, blank=True, db_index=True)


class DebtParty(models.Model):
    """Who answers for a debt, and how."""

    debt = models.ForeignKey(Debt, models.CASCADE, related_name="parties")
    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="parties")
    role = models.CharField(max_length=12, choices=[(r, r) for r in PartyRole])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["debt", "debtor"], name="party_once"),
            models.UniqueConstraint(
                fields=["debt"], condition=Q(role="main_debtor"), name="party_one_main_debtor"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["debtor"],
                condition=~Q(role="main_debtor"),
                name="party_beside_main_debtor",
            )
        ]


class FieldSource(models.Model):
    """A field that an officer corrected by hand: it survives the next extract.

    ``feed_value`` is what the bank's extract says now, where it differs.
    """

    debtor = models.ForeignKey(Debtor, models.CASCADE, related_name="field_sources")
    field = models.CharField(max_length=60)
    feed_value = models.TextField(blank=True)
    corrected_by = models.ForeignKey("staff.User", models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField()
    reason = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["debtor", "field"], name="field_source_once")
        ]


def _span(subject: str) -> list[tuple[Any, str]]:
    """Days of one thing that are known twice."""
    return [
        (Func(F(subject), F(subject), Value("[]"), function="int8range"), "&&"),
        (Func(F("from_on"), F("until_on"), Value("[]"), function="daterange"), "&&"),
    ]


class Standing(models.Model):
    """How a debt, or a debtor over all debts, stood from ``from_on`` through ``until_on``:
    default, forbearance and a hint at the IFRS 9 stage. Performing in stage 1 has no row.

    Known from ``known_at`` until ``replaced_at``; only that is ever changed. ``grounds`` holds
    what was counted on the first day, for a debtor the ``debts`` that make it so.
    """

    debt = models.ForeignKey(
        Debt, models.CASCADE, null=True, related_name="standings", db_index=False
    )
    debtor = models.ForeignKey(
        Debtor, models.CASCADE, null=True, related_name="standings", db_index=False
    )
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    default = models.CharField(
        max_length=13, choices=[(r, r) for r in DefaultReason], blank=True, default=""
    )
    default_since = models.DateField(null=True)
    forborne = models.CharField(
        max_length=15, choices=[(f, f) for f in Forborne], default=Forborne.NO
    )
    forborne_since = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    stage = models.PositiveSmallIntegerField()
    grounds = models.JSONField(default=dict)
    known_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(debt__isnull=True) ^ Q(debtor__isnull=True),
                name="standing_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="standing_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(default="", default_since__isnull=True)
                | (~Q(default="") & Q(default_since__isnull=False, stage=3)),
                name="standing_default_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(forborne="no", forborne_since__isnull=True)
                | (~Q(forborne="no") & Q(forborne_since__isnull=False)),
                name="standing_forborne_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[1, 2, 3]), name="standing_stage_is_one_of_three"
            ),
            ExclusionConstraint(
                name="standing_of_a_debt_once",
                expressions=_span("debt"),
                condition=Q(replaced_at__isnull=True, debt__isnull=False),
            ),
            ExclusionConstraint(
                name="standing_of_a_debtor_once",
                expressions=_span("debtor"),
                condition=Q(replaced_at__isnull=True, debtor__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["debt", "from_on"],
                condition=Q(debt__isnull=False),
                name="standing_by_debt",
            ),
            models.Index(
                fields=["debtor", "from_on"],
                condition=Q(replaced_at__isnull=True, debtor__isnull=False),
                name="standing_by_debtor",
            ),
        ]


class StandingCount(models.Model):
    """How far the days of a debt are counted, so that only what may change is counted again.

    ``review_on`` is the next day on which its standing may change by the calendar alone;
    ``counted_on`` is None while it was never counted.
    """

    debt = models.OneToOneField(Debt, models.CASCADE, primary_key=True, related_name="count")
    counted_on = models.DateField(null=True)
    material_since = models.DateField(null=True)
    due_since = models.DateField(null=True)
    review_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["review_on", "debt"],
                condition=Q(review_on__isnull=False),
                name="standing_to_review",
            )
        ]


class ForbearanceMeasure(models.Model):
    """A concession to a debtor in difficulty; ``loss_percent`` of the debt is given up by it.

    ``cause`` names what granted it. One that was taken back on the day of its grant is void.
    """

    debt = models.ForeignKey(Debt, models.CASCADE, related_name="measures")
    granted_on = models.DateField()
    loss_percent = models.DecimalField(max_digits=7, decimal_places=4)
    cause = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["debt", "cause"], name="measure_once"),
            models.CheckConstraint(
                condition=Q(loss_percent__gte=0, loss_percent__lte=100),
                name="measure_gives_up_a_share",
            ),
        ]
