"""Why this step, why now, what stands in the way, and what may not be done at this moment."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.lifecycle import HoldKind, Stage
from cases.wording import hold_name, stage_name
from contacts.guard import Refused
from desk.queries.allowed import Act, list_act_verdicts
from desk.queries.case_page import CaseFile
from desk.wording.approvals import proposal_name
from desk.wording.conditions import condition_groups
from desk.wording.guard import rule_text, until_text
from escalation.queries.explanation import Explanation, StepState, get_explanation
from escalation.wording import describe_explanation, outcome_name, state_name, step_title
from kernel import clock
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


def _sentences(explained: Explanation, file: CaseFile) -> list[str]:
    """What the strategy does; where a hold stops it, the holds by name."""
    sentences = describe_explanation(explained)
    if explained.now is not None and explained.now.outcome == "hold" and file.holds:
        names = ", ".join(str(hold_name(HoldKind(hold.kind))) for hold in file.holds)
        return [_("It is on hold: %(holds)s.") % {"holds": names}, *sentences[1:]]
    return sentences


def why_context(file: CaseFile) -> dict[str, Any] | None:
    """Why this step, why now, what blocks the next one; None for a case on no strategy."""
    explained = get_explanation(case_id=file.case.pk, on=clock.today())
    if explained is None:
        return None
    titles = {step.key: step_title(step.title) for step in explained.path}
    place = {step.key: number for number, step in enumerate(explained.path, start=1)}
    now = explained.now
    groups = condition_groups(now.looked if now else [], titles)
    last = explained.last
    return {
        "sentences": _sentences(explained, file),
        "strategy": step_title(explained.title),
        "key": explained.strategy,
        "version": explained.version,
        "step": place.get(now.step) if now else None,
        "steps": len(explained.path),
        "groups": groups,
        "looked": sum(len(group.rows) for group in groups),
        "in_the_way": sum(group.not_met for group in groups),
        "last": last,
        "last_outcome": outcome_name(last.outcome) if last else "",
        "last_step": titles.get(last.step, "") if last else "",
        "last_groups": condition_groups(last.looked, titles) if last else [],
        "path": [
            {
                "number": number,
                "title": titles[step.key],
                "stage": stage_name(Stage(step.stage)),
                "state": state_name(step.state),
                "shape": _STATE_SHAPES[step.state],
                "taken_on": ", ".join(format_day(day) for day in step.taken_on),
            }
            for number, step in enumerate(explained.path, start=1)
        ],
    }


_STATE_SHAPES: Final = {
    StepState.TAKEN: "met",
    StepState.PASSED_OVER: "na",
    StepState.NEXT: "now",
    StepState.AHEAD: "na",
}
_ACTS: Final = {
    Act.PHONE: gettext_lazy("Telephone"),
    Act.SMS: gettext_lazy("Send an SMS"),
    Act.EMAIL: gettext_lazy("Send an e-mail"),
    Act.LETTER: gettext_lazy("Send a demand by letter"),
    Act.VISIT: gettext_lazy("Visit"),
    Act.TERMINATE: gettext_lazy("Terminate the contract"),
}


def act_rows(file: CaseFile) -> list[dict[str, Any]]:
    """What may not be done now and until when; and what may. Terminated is not done twice."""
    at = clock.now()
    terminated = all(money.debt.terminated_on is not None for money in file.debts)
    rows: list[dict[str, Any]] = []
    for act, verdict in list_act_verdicts(case_id=file.case.pk, at=at):
        if act is Act.TERMINATE and terminated:
            continue
        row: dict[str, Any] = {"act": _ACTS[act], "refused": isinstance(verdict, Refused)}
        if isinstance(verdict, Refused):
            row["until"] = until_text(verdict, at=at)
            row["rule"] = rule_text(verdict.rule, verdict.values)
        rows.append(row)
    return rows
