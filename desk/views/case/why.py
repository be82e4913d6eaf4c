"""Why this step, why now, what stands in the way, and what may not be done at this moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cases.lifecycle import Stage
from cases.wording import stage_name
from contacts.guard import Refused
from desk.queries.allowed import Act, CaseVerdicts
from desk.queries.case_page import CaseFile
from desk.wording.approvals import proposal_name
from desk.wording.conditions import ConditionGroup, ConditionRow, condition_rows, met_note
from desk.wording.errors import error_text
from desk.wording.guard import rule_text, until_text
from escalation.queries.explanation import (
    CurrentDecision,
    Explanation,
    Looked,
    StepAhead,
    StepState,
    StoredDecision,
)
from escalation.wording import condition_text, outcome_name, state_name, step_title
from kernel.errors import DomainError
from staff.figures import format_day
from staff.lifecycle import ProposalStatus


def waiting_text(file: CaseFile) -> str:
    """What of this case waits for the decision of a person with the authority."""
    kinds = {
        "termination": file.terminations,
        "agreement": file.agreements,
        "placement": file.placements,
        "referral": file.referrals,
    }
    return ", ".join(
        proposal_name(kind)
        for kind, rows in kinds.items()
        if any(row.status == ProposalStatus.PROPOSED for row in rows)
    )


def why_context(explained: Explanation | None, *, on: date) -> dict[str, Any] | None:
    """Conditions, path and last decision; None for a case on no strategy."""
    if explained is None:
        return None
    titles = {step.key: step_title(step.title) for step in explained.path}
    place = {step.key: number for number, step in enumerate(explained.path, start=1)}
    now, last = explained.now, explained.last
    groups = _groups(explained, titles, place, on)
    return {
        "strategy": step_title(explained.title),
        "key": explained.strategy,
        "version": explained.version,
        "step": place.get(now.step) if now else None,
        "steps": len(explained.path),
        "groups": groups,
        "looked": sum(len(group.rows) for group in groups),
        "in_the_way": sum(group.not_met for group in groups),
        "last": last,
        "last_text": _last_text(last, titles) if last else "",
        "taken_text": _taken_text(explained, titles),
        "path": _path(explained, titles),
    }


def _path(explained: Explanation, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """The steps, with the place of the case at the one that comes next by now: one that would be
    passed over tonight is not it."""
    here = explained.now.step if explained.now else ""
    rows = []
    for number, step in enumerate(explained.path, start=1):
        state = step.state
        if step.key == here:
            state = StepState.NEXT
        elif state is StepState.NEXT and here:
            state = StepState.PASSED_OVER
        again = state is StepState.NEXT and step.taken_on
        rows.append(
            {
                "number": number,
                "title": titles[step.key],
                "stage": stage_name(Stage(step.stage)),
                "state": pgettext("step", "next, once more") if again else state_name(state),
                "shape": _STATE_SHAPES[state],
                "is_next": state is StepState.NEXT,
                "taken_on": ", ".join(format_day(day) for day in step.taken_on),
            }
        )
    return rows


_STATE_SHAPES: Final = {
    StepState.TAKEN: "met",
    StepState.PASSED_OVER: "na",
    StepState.NEXT: "now",
    StepState.AHEAD: "na",
}


def _groups(
    explained: Explanation, titles: Mapping[str, str], place: Mapping[str, int], on: date
) -> list[ConditionGroup]:
    """The step that was taken or is due, then the next one with what blocks it, then the rest."""
    groups = []
    now, taken = explained.now, explained.taken
    if now is not None and now.outcome == "perform":
        rows = condition_rows(_of_step(now.looked, now.step), on=on)
        note = _("%(met)s, due with the close of the day") % {"met": met_note(rows)}
        groups.append(ConditionGroup(_step_text(now.step, titles, place), rows, note))
    elif taken is not None:
        rows = condition_rows(_of_step(taken.looked, taken.step), on=taken.on)
        note = _("taken on %(day)s") % {"day": format_day(taken.on)}
        if rows:
            note = f"{note}, {met_note(rows)}"
        groups.append(ConditionGroup(_step_text(taken.step, titles, place), rows, note))
    if now is None:
        return groups
    outside = [look for look in now.looked if look.role in ("exit", "hold", "switch")]
    stopping = condition_rows([look for look in outside if look.held], on=on)
    stopping += condition_rows([look for look in now.looked if look.role == "answer"], on=on)
    if now.ahead is not None:
        groups.append(_ahead_group(now, now.ahead, stopping, titles, place, on))
    elif stopping:
        groups.append(ConditionGroup(_("The strategy"), stopping))
    rest = condition_rows([look for look in outside if not look.held], on=on)
    if rest:
        groups.append(ConditionGroup(_("Would end or hold the strategy"), rest))
    return groups


def _of_step(looked: Sequence[Looked], step: str) -> list[Looked]:
    return [look for look in looked if look.part == step and look.role != "answer"]


def _step_text(step: str, titles: Mapping[str, str], place: Mapping[str, int]) -> str:
    return _("Step %(number)s, %(title)s") % {
        "number": place.get(step, "–"),
        "title": titles.get(step, step.replace("_", " ")),
    }


def _ahead_group(
    now: CurrentDecision,
    ahead: StepAhead,
    stopping: Sequence[ConditionRow],
    titles: Mapping[str, str],
    place: Mapping[str, int],
    on: date,
) -> ConditionGroup:
    own = condition_rows(ahead.looked, on=on)
    rows = [*stopping, *own]
    if ahead.skipped:
        note = _("will be passed over")
    elif stopping:
        note = _("stopped")
    else:
        note = met_note(rows)
        if any(row.stands_in_the_way for row in rows):
            day = ahead.first_on
            note += ", " + (
                _("earliest %(day)s") % {"day": format_day(day)} if day else _("no day known")
            )
    title = _step_text(ahead.key, titles, place)
    if ahead.round > 1:
        title = _("%(step)s, once more") % {"step": title}
    return ConditionGroup(title, rows, note)


def _last_text(last: StoredDecision, titles: Mapping[str, str]) -> str:
    """``waits, Propose termination``; a step that was taken says why."""
    text = outcome_name(last.outcome)
    if last.step:
        text = f"{text}, {titles.get(last.step, last.step)}"
    return _because(text, last) if last.outcome == "perform" else text


def _taken_text(explained: Explanation, titles: Mapping[str, str]) -> str:
    """The latest step that was taken and why, where another decision came after it."""
    taken = explained.taken
    if taken is None or explained.last is None or explained.last.outcome == "perform":
        return ""
    step = titles.get(taken.step, taken.step)
    return _because(f"{format_day(taken.on)}, {step}", taken)


def _because(text: str, decision: StoredDecision) -> str:
    """``Demand for payment, because 31 days past due and usable postal address: yes``"""
    reasons = [
        condition_text(look)
        for look in _of_step(decision.looked, decision.step)
        if look.held and look.role in ("wait", "when")
    ]
    if not reasons:
        return text
    return _("%(what)s, because %(reasons)s") % {
        "what": text,
        "reasons": _(" and ").join(reasons[:2]),
    }


_ACTS: Final = {
    Act.PHONE: gettext_lazy("Telephone"),
    Act.SMS: gettext_lazy("Send an SMS"),
    Act.EMAIL: gettext_lazy("Send an e-mail"),
    Act.LETTER: gettext_lazy("Send a demand by letter"),
    Act.VISIT: gettext_lazy("Visit in person"),
    Act.TERMINATE: gettext_lazy("Terminate the contract"),
    Act.PLACE: gettext_lazy("Place with an agency"),
    Act.REFER: gettext_lazy("Refer to court"),
}


def act_rows(file: CaseFile, verdicts: CaseVerdicts) -> dict[str, Any]:
    """``forbidden`` with until when and by which rule, what one rule forbids in one row, and
    ``allowed`` as names. What is forbidden is there act by act too.

    What is terminated is not terminated again; a case that is not in our own hands goes nowhere.
    """
    terminated = all(money.debt.terminated_on is not None for money in file.debts)
    forbidden: dict[tuple[str, str], list[str]] = {}
    allowed: list[str] = []
    for act, verdict in verdicts.acts:
        if act is Act.TERMINATE and terminated:
            continue
        if isinstance(verdict, Refused):
            until = until_text(verdict, at=verdicts.at)
            rule = rule_text(verdict.rule, verdict.values)
        elif isinstance(verdict, DomainError):
            until, rule = _("not dated"), error_text(verdict)
        else:
            allowed.append(str(_ACTS[act]))
            continue
        forbidden.setdefault((until, rule), []).append(str(_ACTS[act]))
    return {
        "forbidden": [
            {"act": " ".join(_named(acts)), "acts": _named(acts), "until": until, "rule": rule}
            for (until, rule), acts in forbidden.items()
        ],
        "allowed": " ".join(_named(allowed)),
    }


def _named(acts: Sequence[str]) -> list[str]:
    """``Telephone,`` and ``send an SMS``: each keeps to its line, an e-mail is not cut in two."""
    words = [act if not place else act[:1].lower() + act[1:] for place, act in enumerate(acts)]
    return [*(f"{word}," for word in words[:-1]), *words[-1:]]
