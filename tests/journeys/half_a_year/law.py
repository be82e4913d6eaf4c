"""Nothing that hurts without the steps that the law asks for before it.

Art. 75c of the Banking Act: 14 working days from the delivery of the notice; art. 75: 30 days
from the delivery of the termination; then only an agency or a court.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from agencies.models import Placement
from cases.models import Case
from contacts.models import Message, Termination
from courts.models import Referral
from debtors.models import DebtParty
from journal.models import Event
from kernel.clock import legal_day

_DAY = timedelta(days=1)
#: Days free from work by the act of 18 January 1951, as it stands since 2025.
_FREE = {
    *(date(2025, 11, 1), date(2025, 11, 11), date(2025, 12, 24), date(2025, 12, 25)),
    *(date(2025, 12, 26), date(2026, 1, 1), date(2026, 1, 6), date(2026, 4, 5), date(2026, 4, 6)),
}


def read(counts: Counter[str], first: date, last: date) -> Iterator[str]:
    notices = _notices()
    in_effect = _terminated_on()
    recorded = _deliveries_recorded()
    yield from _terminations(counts, notices, recorded)
    yield from _terminated_debts(counts, in_effect)
    yield from _what_hurts(counts, in_effect)
    yield from _stages(in_effect)
    yield from _never_delivered(counts, notices, in_effect)


def _whole_working_days(after: date, before: date) -> int:
    """Working days that began after the one day and were over before the other began."""
    count, on = 0, after + _DAY
    while on < before:
        count += on.weekday() < 5 and on not in _FREE
        on += _DAY
    return count


def _notices() -> dict[int, list[tuple[int, date | None]]]:
    """By case: each notice with the day of its delivery."""
    found: dict[int, list[tuple[int, date | None]]] = defaultdict(list)
    for pk, case_id, delivered_on in Message.objects.filter(template="notice_75c").values_list(
        "id", "case_id", "delivered_on"
    ):
        found[case_id].append((pk, delivered_on))
    return found


def _deliveries_recorded() -> dict[int, date]:
    """By case: the day on which the journal learned of a delivered notice."""
    events = Event.objects.filter(kind="message.delivered", payload__template="notice_75c")
    return {
        case_id: legal_day(at)
        for case_id, at in events.order_by("-id").values_list("subject_id", "recorded_at")
    }


def _terminated_on() -> dict[int, list[date | None]]:
    """By case: of each debt, the day on which its contract ended."""
    found: dict[int, list[date | None]] = defaultdict(list)
    for case_id, terminated_on in DebtParty.objects.filter(role="main_debtor").values_list(
        "debtor__case", "debt__terminated_on"
    ):
        found[case_id].append(terminated_on)
    return found


def _terminations(
    counts: Counter[str],
    notices: dict[int, list[tuple[int, date | None]]],
    recorded: dict[int, date],
) -> Iterator[str]:
    for row in Termination.objects.select_related("statement"):
        name, proposed_on = f"termination {row.pk}", legal_day(row.proposed_at)
        counts["terminations_proposed"] += 1
        delivered_on = dict(notices[row.case_id]).get(row.notice_id)
        if delivered_on is None or row.case_id not in recorded:
            yield f"{name}: its notice was not delivered"
            continue
        days = _whole_working_days(delivered_on, proposed_on)
        counts["fewest_working_days_before"] = min(
            days, counts["fewest_working_days_before"] or days
        )
        if days < 14:
            yield f"{name}: proposed on {proposed_on}, {days} working days after {delivered_on}"
        if recorded[row.case_id] >= proposed_on:
            yield f"{name}: proposed before the delivery was recorded"
        counts["terminations_granted"] += row.status == "approved"
        if row.status == "approved" and (row.decided_by_id is None or row.statement is None):
            yield f"{name}: granted by nobody, or without a statement"
        if row.status != "approved" and (row.statement_id or row.done_on):
            yield f"{name}: is {row.status}, and was carried out"


def _terminated_debts(
    counts: Counter[str], in_effect: dict[int, list[date | None]]
) -> Iterator[str]:
    """A contract ended 30 days after its statement of termination arrived."""
    ends: dict[int, date] = {}
    for row in Termination.objects.filter(status="approved").select_related("statement"):
        if row.statement is not None and row.statement.delivered_on is not None:
            ends[row.case_id] = row.statement.delivered_on + timedelta(days=30)
        else:
            counts["statements_never_delivered"] += 1
    for case_id, days in in_effect.items():
        for ended_on in filter(None, days):
            counts["contracts_terminated"] += 1
            if ends.get(case_id) != ended_on:
                yield f"case {case_id}: terminated on {ended_on}, lawful was {ends.get(case_id)}"


def _what_hurts(counts: Counter[str], in_effect: dict[int, list[date | None]]) -> Iterator[str]:
    for model, done in ((Placement, "placed_on"), (Referral, "filed_on")):
        kind = model._meta.model_name or ""
        for row in model.objects.all():
            counts[f"{kind}s_proposed"] += 1
            proposed_on, done_on = legal_day(row.proposed_at), getattr(row, done)
            if not any(on and on < proposed_on for on in in_effect[row.case_id]):
                yield f"{kind} {row.pk}: proposed without a termination in effect"
            if done_on is None:
                continue
            counts[f"{kind}s_{done.removesuffix('_on')}"] += 1
            granted_on = legal_day(row.decided_at) if row.decided_at else None
            if row.decided_by_id is None or granted_on is None or granted_on > done_on:
                yield f"{kind} {row.pk}: carried out on {done_on}, granted on {granted_on}"


def _stages(in_effect: dict[int, list[date | None]]) -> Iterator[str]:
    """Into the stage of an agency or court come only cases that were placed or filed."""
    done = {
        "agency": dict(Placement.objects.exclude(placed_on=None).values_list("case", "placed_on")),
        "court": dict(Referral.objects.exclude(filed_on=None).values_list("case", "filed_on")),
    }
    for case_id, stage, on in Event.objects.filter(kind="case.stage_changed").values_list(
        "subject_id", "payload__to", "effective_on"
    ):
        since = done[stage].get(case_id) if stage in done else date.min
        if since is None or since > on:
            yield f"case {case_id}: entered {stage} on {on}, carried out on {since}"
        if stage in done and not any(day and day < on for day in in_effect[case_id]):
            yield f"case {case_id}: entered {stage} on {on} without a termination in effect"


def _never_delivered(
    counts: Counter[str],
    notices: dict[int, list[tuple[int, date | None]]],
    in_effect: dict[int, list[date | None]],
) -> Iterator[str]:
    """Of those whose notice never arrived none is terminated, placed or referred."""
    hurt = {
        "terminated": set(Termination.objects.values_list("case", flat=True)),
        "placed": set(Placement.objects.values_list("case", flat=True)),
        "referred": set(Referral.objects.values_list("case", flat=True)),
    }
    for case_id, stage in Case.objects.values_list("id", "stage"):
        sent = notices.get(case_id, [])
        if any(delivered_on for _, delivered_on in sent):
            counts["cases_with_a_delivered_notice"] += 1
            continue
        counts["cases_with_an_undelivered_notice"] += bool(sent)
        counts["cases_without_a_notice"] += not sent
        for what, cases in hurt.items():
            if case_id in cases:
                yield f"case {case_id}: {what}, its notice never arrived"
        if any(in_effect[case_id]) or stage in ("agency", "court"):
            yield f"case {case_id}: in {stage}, its notice never arrived"
