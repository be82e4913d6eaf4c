"""Reading users, their rights and their limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Protocol

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Count, Prefetch, Q

from journal.subscribers import RecordedEvent
from kernel.actor import Actor, ActorKind
from kernel.errors import NotFound
from staff.authority import Authority, Holder, Limits, holder_of, lend
from staff.models import ApiClient, ApiToken, ApprovalLimit, Delegation, Team, User
from staff.rights import DEPUTIES, ROLE_RIGHTS, SCOPE_RIGHTS, Right, Role


class UserNotFound(NotFound):
    code = "user_not_found"


def get_actor(*, user: User) -> Actor:
    """The user as an actor, with the rights of their role as they are now."""
    rights = ROLE_RIGHTS[Role(user.role)] if user.is_active else frozenset()
    team_id = None if Right.SEE_ALL_TEAMS in rights else (user.team_id or 0)
    return Actor(ActorKind.USER, str(user.pk), frozenset(rights), team_id)


def get_user(*, username: str) -> User:
    """For commands that act for a person with ``--by``. Raises UserNotFound."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise UserNotFound(username=username)
    return user


def get_client_actor(*, token: str, at: datetime) -> tuple[ApiToken, Actor] | None:
    """The API client that a token stands for, unless it is unknown, expired or revoked."""
    found = (
        ApiToken.objects.select_related("client")
        .filter(
            digest=sha256(token.encode()).digest(),
            expires_at__gt=at,
            revoked_at__isnull=True,
            client__is_active=True,
        )
        .first()
    )
    if found is None:
        return None
    rights = frozenset(right for scope in found.known_scopes for right in SCOPE_RIGHTS[scope])
    return found, Actor(ActorKind.CLIENT, str(found.client_id), rights, found.client.team_id)


def get_approval_limit(*, role: Role, kind: str, currency: str) -> int | None:
    """Up to how many minor units the role may decide; None where nothing was laid down."""
    return (
        ApprovalLimit.objects.filter(role=role, kind=kind, currency=currency)
        .values_list("amount_minor", flat=True)
        .first()
    )


def get_authority(*, user: User, on: date) -> Authority:
    """What the user may decide on the legal day ``on``, by themselves and in the place of others.

    Lent authority is the giver's own as it is now: with their role and limits, and only while
    they may sign in.
    """
    rows = Delegation.objects.filter(
        deputy=user, from_on__lte=on, until_on__gte=on, ended_at__isnull=True, giver__is_active=True
    )
    delegations = list(rows.select_related("giver").order_by("made_at", "id"))
    roles = {user.role, *(row.giver.role for row in delegations)}
    limits = _limits_of(sorted(roles))
    role = Role(user.role)
    lent = [lend(_holder(row.giver, limits), kinds=row.kinds, to=role) for row in delegations]
    own = _holder(user, limits)
    if not user.is_active:
        return Authority(replace(own, kinds=frozenset()))
    return Authority(own, [holder for holder in lent if holder.kinds])


def get_deciding_actor(*, user: User, on: date) -> tuple[Actor, Authority]:
    """The user as an actor, with the rights that others have lent them for the day ``on``."""
    actor, authority = get_actor(user=user), get_authority(user=user, on=on)
    return replace(actor, rights=actor.rights | authority.rights), authority


def _holder(user: User, limits: Mapping[str, Limits]) -> Holder:
    return holder_of(
        user_id=user.pk,
        name=user.full_name,
        role=Role(user.role),
        team_id=user.team_id,
        limits=limits[user.role],
    )


def _limits_of(roles: Sequence[str]) -> dict[str, Limits]:
    """Of each role: minor units by kind and currency."""
    found: dict[str, dict[tuple[str, str], int]] = {role: {} for role in roles}
    for limit in ApprovalLimit.objects.filter(role__in=roles):
        found[limit.role][limit.kind, limit.currency] = limit.amount_minor
    return dict(found)


def list_delegations(*, limit: int = 200) -> list[Delegation]:
    """The newest first, with those that have ended."""
    people = Delegation.objects.select_related("giver", "deputy", "ended_by")
    return list(people.order_by("-id")[:limit])


def list_deputies(*, giver: User) -> list[User]:
    """Who could decide at all in the giver's place, by their role and their reach."""
    roles = frozenset[Role]().union(*DEPUTIES.values())
    found = User.objects.filter(is_active=True, role__in=roles)
    return [
        user
        for user in found.exclude(pk=giver.pk).order_by("full_name", "pk")
        if is_within_reach(giver=giver, deputy=user)
    ]


def is_within_reach(*, giver: User, deputy: User) -> bool:
    """Whether the deputy sees any case about which the giver decides."""
    of_giver, of_deputy = get_actor(user=giver).team_id, get_actor(user=deputy).team_id
    return of_giver is None or of_deputy is None or of_giver == of_deputy


def get_user_by_id(*, user_id: int) -> User:
    """Raises UserNotFound."""
    user = User.objects.select_related("team").filter(pk=user_id).first()
    if user is None:
        raise UserNotFound(user_id=user_id)
    return user


def list_users() -> list[User]:
    """Everybody, those who may sign in first."""
    return list(User.objects.select_related("team").order_by("-is_active", "full_name", "pk"))


def list_teams() -> list[Team]:
    return list(Team.objects.order_by("name"))


def list_team_sizes() -> Mapping[int, int]:
    """By team: how many of its people may sign in."""
    active = User.objects.filter(is_active=True, team__isnull=False)
    return dict(active.order_by().values_list("team_id").annotate(people=Count("pk")))


def list_role_sizes() -> Mapping[str, int]:
    """By role: how many people of it may sign in."""
    active = User.objects.filter(is_active=True)
    return dict(active.order_by().values_list("role").annotate(people=Count("pk")))


def get_daily_capacity() -> int:
    """Work items that all officers of all teams are expected to do in a working day."""
    officers = Q(members__is_active=True, members__role=Role.OFFICER)
    teams = Team.objects.annotate(officers=Count("members", filter=officers))
    return sum(norm * count for norm, count in teams.values_list("daily_norm", "officers"))


def list_approval_limits() -> list[ApprovalLimit]:
    return list(ApprovalLimit.objects.order_by("kind", "currency", "-amount_minor", "role"))


def list_clients() -> list[ApiClient]:
    """With their tokens, the newest first."""
    tokens = Prefetch("tokens", ApiToken.objects.order_by("-created_at"))
    return list(ApiClient.objects.select_related("team").prefetch_related(tokens).order_by("name"))


class Acted(Protocol):
    """Whatever says who did it."""

    @property
    def actor_kind(self) -> str: ...

    @property
    def actor_id(self) -> str: ...


def list_actor_names(*, events: Sequence[Acted]) -> Mapping[tuple[str, str], str]:
    """By kind and id of the actor; the machine is its own name."""
    names: dict[tuple[str, str], str] = {}
    for kind, model, field in (
        (ActorKind.USER, User, "full_name"),
        (ActorKind.CLIENT, ApiClient, "name"),
    ):
        ids = {event.actor_id for event in events if event.actor_kind == kind}
        if ids:
            rows = model._default_manager.filter(pk__in=ids).values_list("pk", field)
            names |= {(kind.value, str(pk)): name for pk, name in rows}
    return names


@dataclass(frozen=True, slots=True)
class RegisterNames:
    """Names by id of what the register speaks of; a token has the name of its client."""

    users: Mapping[int, str]
    teams: Mapping[int, str]
    clients: Mapping[int, str]
    tokens: Mapping[int, str]


def get_register_names(*, events: Sequence[RecordedEvent]) -> RegisterNames:
    """For all events at once; there are few teams and clients."""
    people = {event.subject_id for event in events if event.subject_kind == "user"}
    for event in events:
        if event.subject_kind == "delegation":
            people |= {event.payload["giver_id"], event.payload["deputy_id"]}
    return RegisterNames(
        users=dict(User.objects.filter(pk__in=people).values_list("pk", "full_name")),
        teams=dict(Team.objects.values_list("pk", "name")),
        clients=dict(ApiClient.objects.values_list("pk", "name")),
        tokens=dict(
            ApiToken.objects.filter(
                pk__in=[event.subject_id for event in events if event.subject_kind == "api_token"]
            ).values_list("pk", "client__name")
        ),
    )


@dataclass(frozen=True, slots=True)
class SecondFactor:
    is_on: bool
    since: datetime | None
    last_used_at: datetime | None
    codes_left: int


def get_second_factor(*, user_id: int) -> SecondFactor:
    """What the person has set up; never the key or a code."""
    rows = {row.type: row for row in Authenticator.objects.filter(user_id=user_id)}
    totp = rows.get(Authenticator.Type.TOTP)
    codes = rows.get(Authenticator.Type.RECOVERY_CODES)
    return SecondFactor(
        is_on=totp is not None,
        since=totp.created_at if totp else None,
        last_used_at=totp.last_used_at if totp else None,
        codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
    )


def list_ids_with_second_factor() -> frozenset[int]:
    return frozenset(
        Authenticator.objects.filter(type=Authenticator.Type.TOTP).values_list("user_id", flat=True)
    )


@dataclass(frozen=True, slots=True)
class SessionRow:
    """Where somebody is signed in. ``agent`` is what the browser says of itself."""

    address: str
    agent: str
    created_at: datetime
    last_seen_at: datetime
    is_current: bool


def list_sessions(*, user_id: int, session_key: str = "") -> list[SessionRow]:
    """Those that hold, the one at hand first, then the one used last."""
    live = Session.objects.values("session_key")
    rows = UserSession.objects.filter(user_id=user_id, session_key__in=live)
    found = [
        SessionRow(
            address=row.ip,
            agent=row.user_agent,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_current=row.session_key == session_key,
        )
        for row in rows.order_by("-last_seen_at")[:50]
    ]
    return sorted(found, key=lambda row: not row.is_current)
