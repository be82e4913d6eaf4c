"""One portfolio file, from its bytes to cases: read, checked, merged and told, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.db import Error, connection, transaction

from debtors import events
from debtors.intake.findings import FileRefused, TooManyBadRows, TrailerMismatch
from debtors.intake.profile import Profile
from debtors.lifecycle import RunStatus
from debtors.models import IntakeRun
from debtors.operations.arrivals import count_cases_opened, get_last_batch
from debtors.operations.checking import StagedTotals, get_staged_totals, is_outdated, refuse_rows
from debtors.operations.error_file import ErrorFile
from debtors.operations.later_numbers import list_kept_numbers, take_over_later_numbers
from debtors.operations.merging_debts import Extract, MergedDebts, merge_debts
from debtors.operations.merging_people import MergedPeople, merge_people
from debtors.operations.reading import ReadCounts, open_source, read_rows
from debtors.operations.staging import create_staging, drop_staging, index_staging
from debtors.operations.telling import tell
from journal.delivery import deliver_pending
from journal.operations import Subject, record_event
from journal.statistics import look_at_tables
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.money import Money
from staff.rights import Right

#: More bad rows than this share, and nothing is taken in; a handful is no share.
MAX_BAD_SHARE: Final = Decimal("0.10")
_BAD_ROWS_JUDGED: Final = 10


@dataclass(frozen=True, slots=True)
class IntakeOptions:
    """``expect_totals`` are decimal amounts per currency; ``max_bad_share`` 0 to 1."""

    full: bool = False
    dry_run: bool = False
    expect_rows: int | None = None
    expect_totals: Mapping[str, Decimal] = field(default_factory=dict)
    max_bad_share: Decimal | None = None
    #: Read a CSV as this sheet of the profile.
    sheet: str = ""
    #: Hand the news on before returning; without it, workers do that later.
    deliver: bool = True


@dataclass(frozen=True, slots=True)
class _Job:
    run: IntakeRun
    path: Path
    profile: Profile
    options: IntakeOptions
    actor: Actor
    at: datetime

    @property
    def extract(self) -> Extract:
        name, as_of = self.profile.name, self.run.as_of_on
        newest = not is_outdated(profile=name, as_of=as_of)
        return Extract(self.run.pk, name, as_of, self.options.full, newest, self.actor, self.at)


class _DryRunDone(Exception):
    """Rolls the merge back, when all is known that it would do."""


@requires(Right.IMPORT_PORTFOLIO)
def import_portfolio(
    *,
    path: Path,
    file_name: str = "",
    profile: Profile,
    as_of: date,
    options: IntakeOptions,
    actor: Actor,
    at: datetime,
    run_id: int | None = None,
) -> dict[str, Any]:
    """Take a file in and deliver its news; return the figures that ``--json`` prints.

    Everything is merged in one transaction: a crash leaves nothing. One run at a time, so that
    two imports of one file at once take it in once. Raises FileRefused kinds; then nothing was
    taken in and the run says why.
    """
    with _one_at_a_time():
        IntakeRun.objects.filter(status=RunStatus.RUNNING).update(
            status=RunStatus.FAILED, refusal={"code": "interrupted"}, finished_at=at
        )
        run = _start(path, file_name, profile, as_of, options, actor, at, run_id)
        job = _Job(run, path, profile, options, actor, at)
        try:
            return _take_in(job)
        except FileRefused as error:
            error.values["run_id"] = run.pk
            _refuse(job, error)
            raise
        except BaseException as error:
            _fail(run, {"code": type(error).__name__}, at)
            raise
        finally:
            _drop_staging()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2h'")
        try:
            cursor.execute("SELECT pg_advisory_lock(hashtext('debtors.intake'))")
        finally:
            cursor.execute("RESET lock_timeout")
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('debtors.intake'))")
        except Error:
            # A broken session has lost its locks with itself.
            connection.close_if_unusable_or_obsolete()


def _drop_staging() -> None:
    try:
        drop_staging()
    except Error:
        connection.close_if_unusable_or_obsolete()


def _start(
    path: Path, file_name: str, profile: Profile, as_of: date, options: IntakeOptions,
    actor: Actor, at: datetime, run_id: int | None,
) -> IntakeRun:  # fmt: skip
    values: dict[str, Any] = {
        "file_name": (file_name or path.name)[:255], "file_sha256": b"", "profile": profile.name,
        "profile_sha256": profile.digest, "as_of_on": as_of, "full": options.full,
        "status": RunStatus.RUNNING, "started_at": at, "options": plain_options(options),
        "actor_kind": actor.kind, "actor_id": actor.id,
    }  # fmt: skip
    if run_id is None:
        return IntakeRun.objects.create(**values)
    IntakeRun.objects.filter(pk=run_id).update(**values)
    return IntakeRun.objects.get(pk=run_id)


def plain_options(options: IntakeOptions) -> dict[str, Any]:
    """As a run keeps them."""
    plain = asdict(options)
    plain["expect_totals"] = {k: str(v) for k, v in options.expect_totals.items()}
    plain["max_bad_share"] = None if options.max_bad_share is None else str(options.max_bad_share)
    return plain


def _take_in(job: _Job) -> dict[str, Any]:
    create_staging()
    source = open_source(job.path, job.profile)
    job.run.file_sha256 = source.inspection.sha256
    job.run.save(update_fields=["file_sha256"])
    with ErrorFile(job.run.pk) as errors:
        try:
            counts = read_rows(
                source, job.profile, job.run.as_of_on, errors,
                lambda rows: _progress(job.run, rows), job.options.sheet,
            )  # fmt: skip
            index_staging()
            for finding in refuse_rows(adds_same_debt=job.profile.adds_same_debt):
                errors.write(finding)
                counts.refused += 1
            for finding in list_kept_numbers():
                errors.write(finding)
        finally:
            job.run.error_file = errors.name
            job.run.save(update_fields=["error_file"])
    totals = get_staged_totals()
    figures = _figures(job, counts, totals, errors)
    job.run.counts = figures
    _check_controls(counts, totals, job)
    return _merge(job, figures)


def _progress(run: IntakeRun, rows: int) -> None:
    IntakeRun.objects.filter(pk=run.pk).update(rows_done=rows)


def _figures(
    job: _Job, counts: ReadCounts, totals: StagedTotals, errors: ErrorFile
) -> dict[str, Any]:
    return {
        "run_id": job.run.pk,
        "status": RunStatus.DRY_RUN if job.options.dry_run else RunStatus.DONE,
        "profile": job.profile.name,
        "as_of": job.run.as_of_on.isoformat(),
        "dry_run": job.options.dry_run,
        "already_taken_in": False,
        "rows_read": counts.read,
        "rows_refused": counts.refused,
        "rows_filtered": counts.filtered,
        "debtors_created": 0,
        "debtors_updated": 0,
        "debts_created": 0,
        "debts_updated": 0,
        "debts_missing": 0,
        "debts_kept": 0,
        "cases_opened": 0,
        "data_problems": errors.by_severity["problem"],
        "values_dropped": errors.by_severity["dropped"],
        "reasons": errors.by_reason,
        "totals": {c: _decimal(minor, c) for c, minor in totals.by_currency.items()},
        "totals_by_component": {
            currency: {name: _decimal(minor, currency) for name, minor in parts.items()}
            for currency, parts in totals.by_component.items()
        },
        "warnings": counts.warnings,
        "error_file": errors.name,
    }


def _decimal(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).to_decimal():f}"


def _check_controls(counts: ReadCounts, totals: StagedTotals, job: _Job) -> None:
    """Raises TooManyBadRows, TrailerMismatch."""
    share = job.options.max_bad_share
    judged = share is not None or counts.refused >= _BAD_ROWS_JUDGED
    limit = MAX_BAD_SHARE if share is None else share
    if judged and counts.refused > limit * counts.read:
        raise TooManyBadRows(
            refused=counts.refused,
            read=counts.read,
            share=str(limit),
            error_file=job.run.error_file,
        )
    found = {c: Money(minor, c).to_decimal() for c, minor in totals.by_currency.items()}
    for what, expected in (("expected", job.options.expect_rows), ("trailer", counts.trailer_rows)):
        if expected is not None and expected != counts.read:
            raise TrailerMismatch(against=what, rows_read=counts.read, rows_expected=expected)
    for currency, expected_total in job.options.expect_totals.items():
        if found.get(currency, Decimal(0)) != expected_total:
            _differ("expected", currency, found, expected_total)
    whole = not counts.refused and not counts.filtered
    for currency, stated in counts.trailer_totals.items():
        got = found.get(currency, Decimal(0))
        # Rows that were left out are part of the file's own total, so that it may be larger.
        if got != stated and (whole or got > stated):
            _differ("trailer", currency, found, stated)


def _differ(against: str, currency: str, found: Mapping[str, Decimal], expected: Decimal) -> None:
    raise TrailerMismatch(
        against=against, currency=currency, total_read=str(found.get(currency, Decimal(0))),
        total_expected=str(expected),
    )  # fmt: skip


#: What a portfolio fills.
_TABLES: Final = (
    "debtors_debtor", "debtors_address", "debtors_contactpoint", "debtors_debt",
    "debtors_debtparty", "ledger_account", "ledger_balance", "ledger_transaction",
    "ledger_posting",
)  # fmt: skip


def _merge(job: _Job, figures: dict[str, Any]) -> dict[str, Any]:
    batch = get_last_batch()
    try:
        with transaction.atomic():
            _prepare_session()
            if _taken_in_before(job):
                figures |= {"already_taken_in": True, "status": RunStatus.UNCHANGED}
                _finish(job.run, RunStatus.UNCHANGED, job.at, counts=figures)
                return figures
            extract = job.extract
            people = merge_people(run_id=job.run.pk, at=job.at, may_change=extract.may_change)
            debts = merge_debts(extract=extract)
            _count(figures, people, debts)
            look_at_tables(tables=_TABLES, new_rows=debts.created)
            tell(extract=extract)
            _finish(job.run, RunStatus.DONE, job.at, counts=figures)
            _record(job, events.INTAKE_FINISHED, {"counts": _short(figures)})
            if job.options.dry_run:
                figures["cases_opened"] = _deliver(job, batch)
                raise _DryRunDone  # noqa: TRY301 - the way out of the transaction
    except _DryRunDone:
        _finish(job.run, RunStatus.DRY_RUN, job.at, counts=figures)
        return figures
    figures["cases_opened"] = _deliver(job, batch)
    if extract.may_change:
        take_over_later_numbers(actor=job.actor, at=job.at)
    _finish(job.run, RunStatus.DONE, job.at, counts=figures)
    return figures


def _prepare_session() -> None:
    """The merge joins a whole file with the book, in statements too short to be compiled."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("SET LOCAL jit = off")


def _taken_in_before(job: _Job) -> bool:
    return IntakeRun.objects.filter(
        file_sha256=bytes(job.run.file_sha256), profile_sha256=job.profile.digest,
        as_of_on=job.run.as_of_on, full=job.options.full, status=RunStatus.DONE,
    ).exists()  # fmt: skip


def _count(figures: dict[str, Any], people: MergedPeople, debts: MergedDebts) -> None:
    figures["debtors_created"], figures["debtors_updated"] = people
    figures["debts_created"] = debts.created
    figures["debts_updated"] = debts.updated
    figures["debts_missing"] = debts.missing
    figures["debts_kept"] = debts.kept


def _deliver(job: _Job, batch: int) -> int:
    """Hand the news on; return how many cases were opened since ``batch``."""
    if not job.options.deliver:
        return 0
    deliver_pending(at=job.at)
    return count_cases_opened(after_batch=batch, recorded_on=legal_day(job.at))


def _short(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in figures.items() if name != "error_file"}


def _refuse(job: _Job, error: FileRefused) -> None:
    refusal = {"code": error.code, "values": {k: _jsonable(v) for k, v in error.values.items()}}
    _finish(job.run, RunStatus.REFUSED, job.at, refusal=refusal, counts=job.run.counts)
    _record(job, events.INTAKE_REFUSED, {"code": error.code})


def _jsonable(value: object) -> object:
    """The database keeps no NUL in JSON; a picture of one stands in its place."""
    if isinstance(value, list):
        return [_jsonable(part) for part in value]
    if isinstance(value, int | None):
        return value
    return str(value).replace("\0", "\u2400")


def _record(job: _Job, kind: str, payload: Mapping[str, Any]) -> None:
    record_event(
        kind=kind, subject=Subject("intake", job.run.pk), actor=job.actor, at=job.at,
        payload=payload,
    )  # fmt: skip


def _finish(run: IntakeRun, status: RunStatus, at: datetime, **changes: Any) -> None:
    IntakeRun.objects.filter(pk=run.pk).update(status=status, finished_at=at, **changes)
    run.refresh_from_db()


def _fail(run: IntakeRun, refusal: dict[str, Any], at: datetime) -> None:
    """What was merged stays done, whatever fails after it: an older extract must not pass for the
    newest one. The news are delivered by workers then, and numbers come with the next extract."""
    unmerged = IntakeRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING)
    unmerged.update(status=RunStatus.FAILED, finished_at=at, refusal=refusal)
    run.refresh_from_db()
