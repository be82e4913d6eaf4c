"""An import asked for in the browser: kept in a file, run by a worker, read again as a run."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from debtors.intake.findings import FileRefused, FileTooLarge
from debtors.intake.limits import MAX_FILE_BYTES
from debtors.intake.profile import load_profile
from debtors.lifecycle import RunStatus
from debtors.models import IntakeRun
from debtors.operations.importing import IntakeOptions, import_portfolio, plain_options
from journal.bell import ring
from kernel.actor import Actor, ActorKind
from kernel.authority import by_machine, requires
from staff.rights import Right

TASK: Final = "debtors.import_uploads"


def upload_path(run_id: int) -> Path:
    return Path(settings.VAR_DIR) / "intake" / "uploads" / f"run-{run_id}"


@requires(Right.IMPORT_PORTFOLIO)
def queue_import(
    *,
    chunks: Iterable[bytes],
    file_name: str,
    profile: str,
    as_of: date,
    options: IntakeOptions,
    actor: Actor,
    at: datetime,
) -> IntakeRun:
    """Keep an uploaded file and ask a worker to take it in; ``profile`` is a shipped one's name.

    Raises ProfileNotFound, FileTooLarge.
    """
    digest = load_profile(profile).digest
    with transaction.atomic():
        run = IntakeRun.objects.create(
            file_name=Path(file_name).name[:255], file_sha256=b"", profile=profile,
            profile_sha256=digest, as_of_on=as_of, full=options.full,
            options=plain_options(options), status=RunStatus.QUEUED, started_at=at,
            actor_kind=actor.kind, actor_id=actor.id,
        )  # fmt: skip
        _keep(upload_path(run.pk), chunks)
        ring(queue="batch", task=TASK)
    return run


def _keep(path: Path, chunks: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        for chunk in chunks:
            written += len(chunk)
            if written > MAX_FILE_BYTES:
                path.unlink()
                raise FileTooLarge(bytes=written, limit=MAX_FILE_BYTES)
            file.write(chunk)


@by_machine
def run_queued_imports(*, at: datetime) -> int:
    """Take in every uploaded file that waits, oldest first; return how many were looked at.

    One worker does so at a time; another one that is asked meanwhile returns at once.
    """
    if not _try_lock():
        return 0
    done = 0
    try:
        while run := IntakeRun.objects.filter(status=RunStatus.QUEUED).order_by("pk").first():
            _run(run, at)
            done += 1
    finally:
        _unlock()
    return done


def _try_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('debtors.uploads'))")
        return bool(cursor.fetchone()[0])


def _unlock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(hashtext('debtors.uploads'))")


def _run(run: IntakeRun, at: datetime) -> None:
    path = upload_path(run.pk)
    try:
        import_portfolio(
            path=path, file_name=run.file_name, profile=load_profile(run.profile),
            as_of=run.as_of_on, options=_options(run.options), run_id=run.pk, at=at,
            actor=Actor(
                ActorKind(run.actor_kind), run.actor_id, frozenset({Right.IMPORT_PORTFOLIO})
            ),
        )  # fmt: skip
    except FileRefused:
        # The run says why; whoever uploaded the file reads it there.
        pass
    except FileNotFoundError:
        IntakeRun.objects.filter(pk=run.pk).update(
            status=RunStatus.FAILED, finished_at=at, refusal={"code": "upload_lost"}
        )
    finally:
        path.unlink(missing_ok=True)


def _options(kept: dict[str, Any]) -> IntakeOptions:
    values = dict(kept)
    values["expect_totals"] = {k: Decimal(v) for k, v in values["expect_totals"].items()}
    share = values["max_bad_share"]
    values["max_bad_share"] = None if share is None else Decimal(share)
    return IntakeOptions(**values)
