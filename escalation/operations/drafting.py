"""Writing a draft: started from a version, a file or another draft, saved, changed, thrown away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from escalation.editing import Value, change_header, change_step, move_step, switch_step
from escalation.events import DRAFT_DISCARDED, DRAFT_STARTED
from escalation.lifecycle import REOPENED_STATUSES
from escalation.loading import StrategyInvalid, load_strategy
from escalation.loading.strategy import MOST_CHARS
from escalation.models import Draft, StrategyVersion
from escalation.queries.drafts import DraftNotFound
from escalation.queries.versions import get_version_in_force_id
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import Conflict, InvalidInput, NotAllowed
from staff.rights import Right

MOST_NAME: Final = 80


class NotYourDraft(NotAllowed):
    """Only its author changes a draft; others start their own from it."""

    code = "not_your_draft"


class OnlyPeopleDraft(NotAllowed):
    """A draft has an author, and its simulation one who asked for it."""

    code = "only_people_draft"


class DraftIsClosed(Conflict):
    """It is thrown away, waits for a second person, or has been decided on."""

    code = "draft_is_closed"


class DraftChangedMeanwhile(Conflict):
    """It was saved elsewhere since; ``revision`` is the present one, ``saved_at`` when."""

    code = "draft_changed_meanwhile"


class VersionInForceChanged(Conflict):
    """A version came into force that the author of the draft has not looked at."""

    code = "version_in_force_changed"


class DraftTextRefused(InvalidInput):
    """The text cannot be kept: too long (``chars``, ``limit``), or no text at all (``line``)."""

    code = "draft_text_refused"


class DraftNameMissing(InvalidInput):
    code = "draft_name_missing"


@requires(Right.DRAFT_STRATEGY)
@transaction.atomic
def start_draft(
    *,
    source: str,
    name: str,
    actor: Actor,
    at: datetime,
) -> Draft:
    """A draft of the actor's own, for the version after the one that is in force now.

    Raises DraftTextRefused, DraftNameMissing, OnlyPeopleDraft.
    """
    text = _clean(source)
    key = _key_of(text, "")
    draft = Draft.objects.create(
        strategy_key=key,
        name=_name(name),
        author_id=person_of(actor),
        source=text,
        from_version_id=get_version_in_force_id(key=key),
        created_at=at,
        saved_at=at,
    )
    _tell(DRAFT_STARTED, draft, actor, at)
    return draft


@requires(Right.DRAFT_STRATEGY)
@transaction.atomic
def save_draft(*, draft_id: int, revision: int, source: str, actor: Actor, at: datetime) -> Draft:
    """Keep the text, though it may be broken. ``revision`` is the one that the writer saw.

    Raises DraftNotFound, NotYourDraft, DraftIsClosed, DraftChangedMeanwhile, DraftTextRefused.
    """
    return _change(draft_id, revision, lambda _: source, actor, at)


@requires(Right.DRAFT_STRATEGY)
@transaction.atomic
def change_draft_step(
    *,
    draft_id: int,
    revision: int,
    step: str,
    values: Mapping[str, Value],
    actor: Actor,
    at: datetime,
) -> Draft:
    """Other values for a step, by the names of its fields (``escalation.editing``).

    Raises what ``save_draft`` does, FieldWrong, and StrategyInvalid where the text has errors.
    """
    return _edit(draft_id, revision, lambda text: change_step(text, step, values), actor, at)


@requires(Right.DRAFT_STRATEGY)
@transaction.atomic
def change_draft_header(
    *, draft_id: int, revision: int, values: Mapping[str, Value], actor: Actor, at: datetime
) -> Draft:
    """The same for what stands above the steps: what becomes of cases in flight, the titles."""
    return _edit(draft_id, revision, lambda text: change_header(text, values), actor, at)


@requires(Right.DRAFT_STRATEGY)
@transaction.atomic
def move_draft_step(
    *, draft_id: int, revision: int, step: str, by: int, actor: Actor, at: datetime
) -> Draft:
    """``by`` places further down; below zero, up. Raises as ``change_draft_step``."""
    return _edit(draft_id, revision, lambda text: move_step(text, step, by), actor, at)


@requires(Right.DRAFT_STRATEGY)
@transaction.atomic
def switch_draft_step(
    *, draft_id: int, revision: int, step: str, on: bool, actor: Actor, at: datetime
) -> Draft:
    """On or off. Raises as ``change_draft_step``."""
    return _edit(draft_id, revision, lambda text: switch_step(text, step, on=on), actor, at)


@requires(Right.DRAFT_STRATEGY)
@transaction.atomic
def rename_draft(*, draft_id: int, name: str, actor: Actor, at: datetime) -> Draft:
    """Raises DraftNotFound, NotYourDraft, DraftIsClosed, DraftNameMissing."""
    draft = lock_draft(draft_id, actor)
    draft.name, draft.saved_at = _name(name), at
    draft.save(update_fields=["name", "saved_at"])
    return draft


@requires(Right.DRAFT_STRATEGY)
@transaction.atomic
def accept_version_in_force(*, draft_id: int, version_id: int, actor: Actor, at: datetime) -> Draft:
    """Another version came into force since the draft was begun, and its author has seen what
    the draft would undo of it: ``version_id`` is the one they saw.

    Raises DraftNotFound, NotYourDraft, DraftIsClosed, VersionInForceChanged.
    """
    draft = lock_draft(draft_id, actor)
    if get_version_in_force_id(key=draft.strategy_key) != version_id:
        raise VersionInForceChanged(draft_id=draft_id)
    draft.from_version_id, draft.saved_at = version_id, at
    draft.save(update_fields=["from_version", "saved_at"])
    return draft


@requires(Right.DRAFT_STRATEGY)
@transaction.atomic
def discard_draft(*, draft_id: int, actor: Actor, at: datetime) -> Draft:
    """Throw it away; the row stays. Raises DraftNotFound, NotYourDraft, DraftIsClosed."""
    draft = lock_draft(draft_id, actor)
    draft.discarded_at = at
    draft.save(update_fields=["discarded_at"])
    _tell(DRAFT_DISCARDED, draft, actor, at)
    return draft


def lock_draft(draft_id: int, actor: Actor) -> Draft:
    """The open draft of the actor, locked. Raises DraftNotFound, NotYourDraft, DraftIsClosed."""
    rows = Draft.objects.select_for_update(of=("self",)).select_related("version")
    draft = rows.filter(pk=draft_id).first()
    if draft is None:
        raise DraftNotFound(draft_id=draft_id)
    if draft.author_id != actor.user_id:
        raise NotYourDraft(draft_id=draft_id)
    if draft.discarded_at is not None or not _may_be_written(draft.version):
        raise DraftIsClosed(draft_id=draft_id)
    return draft


def person_of(actor: Actor) -> int:
    """Raises OnlyPeopleDraft."""
    if actor.user_id is None:
        raise OnlyPeopleDraft
    return actor.user_id


def check_revision(draft: Draft, revision: int) -> None:
    if draft.revision != revision:
        raise DraftChangedMeanwhile(
            draft_id=draft.pk, revision=draft.revision, saved_at=draft.saved_at
        )


def _may_be_written(version: StrategyVersion | None) -> bool:
    return version is None or version.status in REOPENED_STATUSES


def _edit(
    draft_id: int, revision: int, edit: Callable[[str], str], actor: Actor, at: datetime
) -> Draft:
    """An edit of a text that can be loaded before; it may be unsound, but never broken, after."""

    def edited(text: str) -> str:
        load_strategy(text)
        return edit(text)

    return _change(draft_id, revision, edited, actor, at)


def _change(
    draft_id: int, revision: int, text_of: Callable[[str], str], actor: Actor, at: datetime
) -> Draft:
    """Saving what is there already changes nothing, whatever the revision."""
    draft = lock_draft(draft_id, actor)
    text = _clean(text_of(draft.source))
    if text == draft.source:
        return draft
    check_revision(draft, revision)
    draft.source, draft.strategy_key = text, _key_of(text, draft.strategy_key)
    draft.revision, draft.saved_at = draft.revision + 1, at
    draft.save(update_fields=["source", "strategy_key", "revision", "saved_at"])
    return draft


def _clean(source: str) -> str:
    """One kind of line end; what no database keeps is refused, with its line."""
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MOST_CHARS:
        raise DraftTextRefused(chars=len(text), limit=MOST_CHARS)
    for number, line in enumerate(text.split("\n"), start=1):
        if "\0" in line or any("\ud800" <= ch <= "\udfff" for ch in line):
            raise DraftTextRefused(line=number)
    return text


def _name(name: str) -> str:
    shown = "".join(ch for ch in " ".join(name.split()) if ch.isprintable())[:MOST_NAME].strip()
    if not shown:
        raise DraftNameMissing
    return shown


def _key_of(text: str, before: str) -> str:
    try:
        return load_strategy(text).key
    except StrategyInvalid:
        return before


def _tell(kind: str, draft: Draft, actor: Actor, at: datetime) -> None:
    record_event(
        kind=kind,
        subject=Subject("strategy_draft", draft.pk),
        payload={"draft_id": draft.pk, "key": draft.strategy_key, "name": draft.name},
        actor=actor,
        at=at,
    )
