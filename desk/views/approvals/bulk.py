"""Deciding several proposals of one kind at once: first what it would do, then each by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from desk.approvals import Verdict
from desk.forms import ReasonForm
from desk.operations import (
    MOST_AT_ONCE,
    NEVER_IN_BULK,
    Decisions,
    decide_approvals,
    rehearse_approvals,
)
from desk.views.approvals.asked import moment_text
from desk.wording.approvals import (
    consequence_text,
    never_in_bulk_text,
    preview_title,
    proposal_name,
)
from desk.wording.errors import error_text
from kernel import clock
from kernel.actor import Actor
from kernel.typed import whole_number, word_in
from staff.access import StaffRequest, page
from staff.lifecycle import ApprovalKind
from staff.queries import get_deciding_actor
from staff.rights import Right
from staff.views.lists import way_back

#: In microseconds since 1970; one digit more would reach past the last year that a date can say.
_LONGEST_INSTANT: Final = 17
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

Seen = dict[int, datetime]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was left, or would be left, as it is, and why."""

    name: str
    number: str
    what: str
    why: str


@require_POST
@page(Right.SEE_APPROVALS)
def decide_chosen(request: StaffRequest) -> HttpResponse:
    """POST ``item`` for each row as it was seen, and ``verdict``: what it would do; with
    ``reason`` and ``confirmed`` it is done, and what could not be is told row by row."""
    verdict = word_in(request.POST.get("verdict"), Verdict)
    if verdict is None:
        raise Http404
    chosen = _chosen(request.POST.getlist("item"))
    if not chosen:
        messages.error(request, _("No row is chosen."))
        return redirect(_back(request))
    if len(chosen) > 1 or set(chosen) & NEVER_IN_BULK:
        return _ask_for_one_kind(request, chosen, verdict)
    ((kind, seen),) = chosen.items()
    if len(seen) > MOST_AT_ONCE:
        said = _("At most %(most)s are decided at once. Choose fewer.") % {"most": MOST_AT_ONCE}
        messages.error(request, said)
        return redirect(_back(request))
    actor, _authority = get_deciding_actor(user=request.user, on=clock.today())
    form = ReasonForm(request.POST if "confirmed" in request.POST else None)
    if form.is_bound and form.is_valid():
        return _decide(request, kind, seen, verdict, form.cleaned_data["reason"], actor)
    return _preview(request, kind, seen, verdict, form, actor)


def _chosen(items: list[str]) -> dict[ApprovalKind, Seen]:
    """By kind: each id with the instant at which what was seen had been proposed."""
    found: dict[ApprovalKind, Seen] = {}
    for item in items:
        kind, _colon, rest = item.partition(":")
        number, _colon, moment = rest.partition(":")
        known, thing_id = word_in(kind, ApprovalKind), whole_number(number)
        since = whole_number(moment, digits=_LONGEST_INSTANT)
        if known and thing_id is not None and since is not None:
            found.setdefault(known, {})[thing_id] = _EPOCH + timedelta(microseconds=since)
    return found


def _ask_for_one_kind(
    request: StaffRequest, chosen: Mapping[ApprovalKind, Seen], verdict: Verdict
) -> HttpResponse:
    kinds = [
        {
            "name": proposal_name(kind),
            "count": len(seen),
            "items": _items(kind, seen),
            "never": never_in_bulk_text([kind]) if kind in NEVER_IN_BULK else "",
        }
        for kind, seen in sorted(chosen.items())
    ]
    context = {"kinds": kinds, "verdict": verdict.value, "back": _back(request)}
    return render(request, "desk/approvals_kinds.html", context, status=422)


def _items(kind: str, seen: Seen) -> list[str]:
    return [f"{kind}:{pk}:{moment_text(at)}" for pk, at in seen.items()]


def _preview(
    request: StaffRequest, kind: str, seen: Seen, verdict: Verdict, form: ReasonForm, actor: Actor
) -> HttpResponse:
    outcome = rehearse_approvals(kind=kind, seen=seen, verdict=verdict, actor=actor, at=clock.now())
    kept = {row.id: seen[row.id] for row in outcome.decided}
    return render(
        request,
        "desk/approvals_bulk.html",
        {
            "title": preview_title(verdict.value),
            "kind_name": proposal_name(kind),
            "rows": outcome.decided,
            "totals": list(outcome.totals.items()),
            "consequence": consequence_text(kind, verdict.value),
            "refused": _refusals(outcome),
            "items": _items(kind, kept),
            "verdict": verdict.value,
            "form": form,
            "back": _back(request),
        },
        status=422 if form.is_bound else 200,
    )


def _decide(
    request: StaffRequest, kind: str, seen: Seen, verdict: Verdict, reason: str, actor: Actor
) -> HttpResponse:
    outcome = decide_approvals(
        kind=kind, seen=seen, verdict=verdict, reason=reason, actor=actor, at=clock.now()
    )
    count = len(outcome.decided)
    if count:
        messages.success(request, _DONE[verdict](count) % {"n": count})
    if not outcome.refused:
        return redirect(_back(request))
    context = {
        "title": preview_title(verdict.value),
        "kind_name": proposal_name(kind),
        "done": count,
        "refused": _refusals(outcome),
        "back": _back(request),
    }
    return render(request, "desk/approvals_bulk.html", context, status=409)


_DONE: Final = {
    Verdict.GRANT: lambda n: ngettext("%(n)s granted.", "%(n)s granted.", n),
    Verdict.REFUSE: lambda n: ngettext("%(n)s refused.", "%(n)s refused.", n),
    Verdict.SEND_BACK: lambda n: ngettext("%(n)s sent back.", "%(n)s sent back.", n),
}


def _refusals(outcome: Decisions) -> list[Refusal]:
    return [
        Refusal(
            outcome.rows[pk].debtor_name,
            outcome.rows[pk].case_number,
            proposal_name(outcome.rows[pk].kind),
            error_text(error),
        )
        for pk, error in outcome.refused.items()
    ]


def _back(request: StaffRequest) -> str:
    return way_back(request, otherwise=reverse("approvals"))
