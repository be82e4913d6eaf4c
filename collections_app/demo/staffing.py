"""The people who work in the demo: a user for every role, two teams, limits, an API client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kernel.actor import Actor, system_actor
from staff.models import User
from staff.operations import create_team, create_user, issue_token, set_approval_limit
from staff.queries import get_actor
from staff.rights import Role, Scope

ACTOR: Final = system_actor("demo")

#: The demo listens on this machine only, and its people do not exist.
PASSWORD: Final = "Ugoda-na-probe-26"  # noqa: S105

_TEAMS: Final = ("Wrocław 1", "Gdańsk 2")
#: user name, full name, role, place of the team or None.
_USERS: Final = (
    ("anna.wrona", "Anna Wrona", Role.OFFICER, 0),
    ("oskar.cybulski", "Oskar Cybulski", Role.OFFICER, 0),
    ("lena.jaworska", "Lena Jaworska", Role.OFFICER, 0),
    ("filip.mroczek", "Filip Mroczek", Role.OFFICER, 0),
    ("daria.sobczyk", "Daria Sobczyk", Role.OFFICER, 1),
    ("karolina.bieniek", "Karolina Bieniek", Role.OFFICER, 1),
    ("igor.lipski", "Igor Lipski", Role.OFFICER, 1),
    ("maja.rusek", "Maja Rusek", Role.OFFICER, 1),
    ("ewa.dudek", "Ewa Dudek", Role.TEAM_LEADER, 0),
    ("jan.sowa", "Jan Sowa", Role.TEAM_LEADER, 1),
    ("pawel.golab", "Paweł Gołąb", Role.MANAGER, None),
    ("zofia.klos", "Zofia Kłos", Role.MANAGER, None),
    ("robert.stec", "Robert Stec", Role.LEGAL, None),
    ("alicja.gil", "Alicja Gil", Role.COMPLIANCE, None),
    ("hanna.reks", "Hanna Reks", Role.AUDITOR, None),
    ("admin", "Tomasz Ostoja", Role.ADMINISTRATOR, None),
)
_KINDS: Final = ("termination", "agreement", "placement", "referral")
_LIMITS: Final = ((Role.TEAM_LEADER, 5_000_000), (Role.OFFICER, 0))


@dataclass(frozen=True, slots=True)
class Login:
    role: str
    username: str
    password: str


def hire(*, at: datetime) -> None:
    """Create the teams, users, limits and the API client of the demo."""
    teams = [create_team(name=name, daily_norm=25, actor=ACTOR, at=at) for name in _TEAMS]
    for username, full_name, role, place in _USERS:
        team = teams[place] if place is not None else None
        create_user(
            username=username,
            full_name=full_name,
            role=role,
            team=team,
            password=PASSWORD,
            actor=ACTOR,
            at=at,
        )
    for role, amount in _LIMITS:
        for kind in _KINDS:
            for currency in ("PLN", "EUR"):
                set_approval_limit(
                    role=role,
                    kind=kind,
                    currency=currency,
                    amount_minor=amount,
                    actor=ACTOR,
                    at=at,
                )


def issue_demo_token(*, at: datetime) -> str:
    """A token of the API client "Core banking", for a year."""
    return issue_token(
        client_name="Core banking",
        scopes=[Scope.READ_CASES, Scope.READ_TIMELINE],
        valid_days=366,
        actor=ACTOR,
        at=at,
    )


def list_logins() -> list[Login]:
    """One login for each role, in the order of the roles."""
    first: dict[str, str] = {}
    for username, _, role, _ in _USERS:
        first.setdefault(role, username)
    return [Login(role, username, PASSWORD) for role, username in first.items()]


def actors_of(role: Role) -> list[Actor]:
    """The actors of a role, in the order of their user names."""
    users = User.objects.filter(role=role, is_active=True).order_by("username")
    return [get_actor(user=user) for user in users]
