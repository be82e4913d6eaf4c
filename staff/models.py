"""Users, teams, API clients, approval limits, and the base of everything that needs approval."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staff.lifecycle import ApprovalKind, ProposalStatus
from staff.preferences import Density, Theme
from staff.rights import Role, Scope


class Team(models.Model):
    name = models.CharField(max_length=100, unique=True)
    daily_norm = models.PositiveSmallIntegerField(
        default=25, help_text=_("Work items that one officer of the team is expected to do a day")
    )

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person who signs in. Rights follow from the role alone."""

    username = models.CharField(max_length=150, unique=True)
    full_name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=20, choices=[(role, role) for role in Role])
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="members")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=2, default="pl")
    theme = models.CharField(
        max_length=5, choices=[(t, t) for t in Theme], default=Theme.AUTO, db_default=Theme.AUTO
    )
    density = models.CharField(
        max_length=11,
        choices=[(d, d) for d in Density],
        default=Density.COMFORTABLE,
        db_default=Density.COMFORTABLE,
    )
    #: Whether a key alone, without Ctrl, is a command (WCAG 2.1.4).
    single_keys = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name", "role"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="user_role_known"
            ),
            models.CheckConstraint(
                condition=Q(theme__in=[theme.value for theme in Theme])
                & Q(density__in=[density.value for density in Density]),
                name="user_look_known",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_staff(self) -> bool:
        """May open the Django admin, which holds reference data only."""
        return self.role == Role.ADMINISTRATOR

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff


class ApprovalLimit(models.Model):
    """Up to which amount a role may decide proposals of one kind, per currency."""

    role = models.CharField(max_length=20, choices=[(role, role) for role in Role])
    kind = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["role", "kind", "currency"], name="approval_limit_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0), name="approval_limit_not_negative"
            ),
        ]


class Delegation(models.Model):
    """Somebody lends their own authority to decide to a colleague, from a day through a day.

    What was lent cannot be lent further. It holds while the giver could decide it themselves, up
    to the giver's limit, and ends at once when it is taken back. Of one giver and deputy no two
    overlap (an exclusion constraint of the migration).
    """

    giver = models.ForeignKey(User, models.PROTECT, related_name="delegations_given")
    deputy = models.ForeignKey(User, models.PROTECT, related_name="delegations_taken")
    kinds = ArrayField(models.CharField(max_length=40))
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(giver=F("deputy")), name="delegation_to_another"),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="delegation_until_not_before_from"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & Q(kinds__len__gt=0), name="delegation_says_what_and_why"
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_at__isnull=True)
                | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="delegation_ended_by_somebody",
            ),
        ]


class ApiClient(models.Model):
    """A system that reads over REST: core banking, call centre, data warehouse."""

    name = models.CharField(max_length=100, unique=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """Only the SHA-256 of the token is kept; the token itself is shown once."""

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="tokens")
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    @property
    def known_scopes(self) -> frozenset[Scope]:
        return frozenset(Scope(scope) for scope in self.scopes if scope in set(Scope))


class Proposal(models.Model):
    """Something that hurts and therefore waits for a person with the authority.

    ``grounds`` is a copy of what the proposer saw: for the machine, the decision's record, and
    ``step`` is then the strategy and the step that asked (``unsecured_retail.place``). A proposal
    of the machine has no ``proposed_by``. ``deadline_on`` is the last day on which a decision
    still helps: before the claim is time-barred, or before the first instalment is due.
    ``decided_for`` lent the decider their authority, where that is what the decision rests on.

    A class with an ``approval_kind`` stands in the approvals inbox; it has a ``case``.
    """

    approval_kind: ClassVar[ApprovalKind | None] = None

    status = models.CharField(
        max_length=12, choices=[(s, s) for s in ProposalStatus], default=ProposalStatus.PROPOSED
    )
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    grounds = models.JSONField(default=dict)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_for = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    deadline_on = models.DateField(null=True, blank=True)
    step = models.CharField(max_length=140, blank=True, default="", db_default="")

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(decided_by=F("proposed_by")),
                name="%(class)s_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "withdrawn"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="%(class)s_decision_complete",
            ),
            models.CheckConstraint(
                condition=Q(decided_for__isnull=True)
                | Q(decided_by__isnull=False)
                & ~Q(decided_for=F("decided_by"))
                & (Q(proposed_by__isnull=True) | ~Q(decided_for=F("proposed_by"))),
                name="%(class)s_decided_for_another",
            ),
        ]
        #: The inbox: open ones by age, by deadline, by amount, and those of one step. With the
        #: case in them the cases of a team are found without a look at the rows.
        indexes: ClassVar = [
            models.Index(
                fields=["status", "proposed_at", "id"],
                include=["case"],
                condition=Q(status__in=["proposed", "sent_back"]),
                name="%(class)s_by_age",
            ),
            models.Index(
                fields=["status", "deadline_on", "proposed_at", "id"],
                include=["case"],
                condition=Q(status__in=["proposed", "sent_back"]),
                name="%(class)s_by_deadline",
            ),
            models.Index(
                fields=["status", "currency", "amount_minor", "proposed_at", "id"],
                include=["case"],
                condition=Q(status__in=["proposed", "sent_back"]),
                name="%(class)s_by_amount",
            ),
            models.Index(
                fields=["step", "status", "proposed_at", "id"],
                include=["case"],
                condition=Q(status__in=["proposed", "sent_back"]) & ~Q(step=""),
                name="%(class)s_by_step",
            ),
        ]
