"""Users, teams, API clients, approval limits, and the base of everything that needs approval."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staff.lifecycle import ProposalStatus
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

    ``grounds`` is a copy of what the proposer saw: for the machine, the decision's record.
    A proposal of the machine has no ``proposed_by``.
    """

    status = models.CharField(
        max_length=12, choices=[(s, s) for s in ProposalStatus], default=ProposalStatus.PROPOSED
    )
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    grounds = models.JSONField(default=dict)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)

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
        ]
