"""API clients and their tokens, and who asked for what they may not see."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction

from journal.operations import Subject, record_event, run_once
from kernel.actor import Actor, ActorKind
from kernel.authority import by_machine, requires
from kernel.errors import Conflict, InvalidInput, NotFound
from staff import events
from staff.models import ApiClient, ApiToken, Team
from staff.rights import Right, Scope

LONGEST_TOKEN_DAYS: Final = 366


class ClientNotFound(NotFound):
    code = "client_not_found"


class ClientHasAnotherTeam(Conflict):
    """A known client keeps its reach: make another one instead."""

    code = "client_has_another_team"


class InvalidToken(InvalidInput):
    """A token needs a client, a scope, and an end within a year."""

    code = "invalid_token"


class TokenMadeBefore(Conflict):
    """The form was sent before; the token that it made cannot be read again."""

    code = "token_made_before"


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def issue_token(
    *,
    client_name: str,
    scopes: Collection[Scope],
    valid_days: int,
    actor: Actor,
    at: datetime,
    team: Team | None = None,
    submission: str | None = None,
) -> str:
    """A new token for an API client, made if it is not known. It cannot be read again.

    ``team`` limits a new client to the cases of that team. ``submission`` is the key of the form:
    sent twice, it makes one token. Raises InvalidToken, TokenMadeBefore, and ClientHasAnotherTeam
    for a client that is known with another reach.
    """
    if not scopes or not 1 <= valid_days <= LONGEST_TOKEN_DAYS or not client_name.strip():
        raise InvalidToken(scopes=[str(scope) for scope in scopes], valid_days=valid_days)
    token = f"ugoda_{secrets.token_urlsafe(32)}"
    names = sorted(scope.value for scope in set(scopes))

    def make() -> int:
        client, created = ApiClient.objects.get_or_create(name=client_name, defaults={"team": team})
        if not created and team is not None and client.team_id != team.pk:
            raise ClientHasAnotherTeam(client=client_name)
        row = ApiToken.objects.create(
            client=client,
            digest=sha256(token.encode()).digest(),
            scopes=names,
            created_at=at,
            expires_at=at + timedelta(days=valid_days),
        )
        record_event(
            kind=events.TOKEN_ISSUED,
            subject=Subject("api_token", row.pk),
            actor=actor,
            at=at,
            payload={"client": client_name, "scopes": names, "valid_days": valid_days},
        )
        return row.pk

    given = {
        "client": client_name, "scopes": names, "valid_days": valid_days,
        "team": team.pk if team else None,
    }  # fmt: skip
    once = run_once(scope="staff.issue_token", key=submission, given=given, act=make, at=at)
    if not once.is_new:
        raise TokenMadeBefore(client=client_name)
    return token


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def change_client(*, client_id: int, is_active: bool, actor: Actor, at: datetime) -> ApiClient:
    """Let a client in, or keep all its tokens out at once. Raises ClientNotFound."""
    client = ApiClient.objects.select_for_update(no_key=True).filter(pk=client_id).first()
    if client is None:
        raise ClientNotFound(client_id=client_id)
    if client.is_active != is_active:
        client.is_active = is_active
        client.save(update_fields=["is_active"])
        record_event(
            kind=events.CLIENT_CHANGED,
            subject=Subject("api_client", client.pk),
            actor=actor,
            at=at,
            payload={"is_active": is_active},
        )
    return client


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def revoke_token(*, token_id: int, actor: Actor, at: datetime) -> None:
    """The token stops working at once; revoking it again changes nothing."""
    if ApiToken.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=at):
        record_event(
            kind=events.TOKEN_REVOKED, subject=Subject("api_token", token_id), actor=actor, at=at
        )


@by_machine
def note_denied_access(*, path: str, needed: str, actor: Actor, at: datetime) -> None:
    """Somebody asked for what they may not see or do: who, for what, and what they lack."""
    subject = "user" if actor.kind is ActorKind.USER else "api_client"
    record_event(
        kind=events.ACCESS_DENIED,
        subject=Subject(subject, int(actor.id)),
        actor=actor,
        at=at,
        payload={"path": path[:200], "needed": needed},
    )
