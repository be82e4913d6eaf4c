"""What is wrong with a strategy file, and what changed in it, in words."""

from __future__ import annotations

import json
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escalation.difference import Change, ChangeKind
from escalation.lint import Finding, FindingCode
from escalation.loading import Problem, ProblemCode, StrategyInvalid
from escalation.operations import StrategyUnsound
from kernel.errors import DomainError

_ALLOWED_SHOWN: Final = 12

_PROBLEMS: Final[dict[ProblemCode, Promise]] = {
    ProblemCode.NOT_TOML: gettext_lazy("this is not TOML: %(found)s"),
    ProblemCode.UNKNOWN_KEY: gettext_lazy("%(where)s: there is no such key"),
    ProblemCode.MISSING_KEY: gettext_lazy("%(where)s: something is missing here"),
    ProblemCode.WRONG_TYPE: gettext_lazy("%(where)s: “%(found)s” is not of the right kind"),
    ProblemCode.UNKNOWN_WORD: gettext_lazy("%(where)s: “%(found)s” is not known"),
    ProblemCode.OUT_OF_RANGE: gettext_lazy("%(where)s: %(found)s is too small or too large"),
    ProblemCode.DUPLICATE_STEP: gettext_lazy("%(where)s: a step “%(found)s” is there already"),
    ProblemCode.NOT_A_CURRENCY: gettext_lazy("%(where)s: “%(found)s” is no currency"),
    ProblemCode.TOO_LONG: gettext_lazy("the text has %(found)s characters and is too long"),
    ProblemCode.LINE_TOO_LONG: gettext_lazy("this line has %(found)s characters and is too long"),
    ProblemCode.TOO_DEEP: gettext_lazy("tables and lists stand too deep inside each other"),
}
#: ``allowed`` holds the least and the most.
_RANGES: Final = (ProblemCode.OUT_OF_RANGE, ProblemCode.TOO_LONG, ProblemCode.LINE_TOO_LONG)
_FINDINGS: Final[dict[FindingCode, Promise]] = {
    FindingCode.NO_EXIT: gettext_lazy('nothing ends it: exit_when must say overdue = "nothing"'),
    FindingCode.IGNORES_HOLDS: gettext_lazy("it ignores holds: hold_when must say on_hold = true"),
    FindingCode.IGNORES_HANDLER: gettext_lazy(
        'it acts on cases in other hands: hold_when must say handled_by = { is_not = "house" }'
    ),
    FindingCode.IGNORES_LIMITATION: gettext_lazy(
        "it demands time-barred consumer debts: hold_when must say consumer_debt_time_barred = true"
    ),
    FindingCode.UNREACHABLE: gettext_lazy("step %(step)s can never be taken: see %(other)s"),
    FindingCode.TWO_STEPS_ON_ONE_DAY: gettext_lazy(
        "step %(step)s leaves no day to step %(other)s: add days_after_previous_step"
    ),
    FindingCode.STAGE_GOES_BACK: gettext_lazy(
        "step %(step)s goes back to an earlier stage than step %(other)s"
    ),
    FindingCode.NO_NOTICE_BEFORE_TERMINATION: gettext_lazy(
        "step %(step)s terminates without the notice under art. 75c of the Banking Act: send"
        " notice_75c before, and wait 14 working days after its delivery"
    ),
    FindingCode.NO_TERMINATION_BEFORE: gettext_lazy(
        "step %(step)s goes to an agency or a court before termination: when must say"
        ' termination = "in_effect"'
    ),
    FindingCode.CURRENCY_WITHOUT_THRESHOLD: gettext_lazy(
        "step %(step)s names no threshold for: %(other)s"
    ),
    FindingCode.REPEATED_PROPOSAL: gettext_lazy(
        "step %(step)s proposes something and must not repeat: use if_refused"
    ),
    FindingCode.NOTHING_FOR_EVERYTHING_ELSE: gettext_lazy(
        "no strategy takes the cases that fit no segment"
    ),
    FindingCode.TWO_FOR_EVERYTHING_ELSE: gettext_lazy(
        "%(step)s and %(other)s both take the cases that fit no segment"
    ),
    FindingCode.SEGMENTS_OVERLAP: gettext_lazy(
        "the segments of %(step)s and %(other)s overlap and have the same order"
    ),
}
_ASSUMPTIONS: Final[dict[str, Promise]] = {
    "no_payments": gettext_lazy("Nobody pays."),
    "no_contacts": gettext_lazy("Nobody talks to a debtor, promises or complains."),
    "letters_delivered": gettext_lazy("Every letter is delivered four days after its step."),
    "approvals_pending": gettext_lazy("Proposals stay undecided."),
    "approvals_granted": gettext_lazy("Every proposal is granted after two days."),
    "handlers_keep": gettext_lazy("What goes to an agency or to court stays there."),
    "as_if_all_moved": gettext_lazy(
        "Every case is played as if it stood on the draft, though the draft lets cases in flight"
        " finish on the version they are on."
    ),
    "cases_start_anew": gettext_lazy(
        "No case is on this strategy yet: those that it would take start at its first step."
    ),
}


def describe_error(error: DomainError) -> list[str]:
    """One line for each thing that is wrong."""
    match error:
        case StrategyInvalid(problems=problems):
            return [describe_problem(problem) for problem in problems]
        case StrategyUnsound(findings=findings):
            return [describe_finding(finding) for finding in findings]
        case _:
            return [str(error)]


def describe_problem(problem: Problem) -> str:
    named = {"where": problem.where or "file", "found": problem.found}
    text = str(_PROBLEMS[problem.code]) % named + "."
    if problem.suggestion:
        text += " " + _("Did you mean “%(word)s”?") % {"word": problem.suggestion}
    if problem.code in _RANGES:
        least, most = problem.allowed
        text += " " + _("Allowed: %(least)s to %(most)s") % {"least": least, "most": most}
    elif problem.allowed:
        text += " " + _("Allowed: %(words)s") % {"words": _shortened(problem.allowed)}
    return _on_line(problem.line, text)


def _shortened(words: tuple[str, ...]) -> str:
    shown = ", ".join(words[:_ALLOWED_SHOWN])
    return f"{shown}, …" if len(words) > _ALLOWED_SHOWN else shown


def describe_finding(finding: Finding) -> str:
    text = str(_FINDINGS[finding.code]) % {"step": finding.step, "other": finding.other}
    kind = _("Error") if finding.is_error else _("Warning")
    return _on_line(finding.line, f"{kind}: {text}")


def _on_line(line: int, text: str) -> str:
    return _("Line %(line)d: %(text)s") % {"line": line, "text": text}


def describe_change(change: Change) -> str:
    names = {
        "where": change.where,
        "field": change.field,
        "before": _plain(change.before),
        "after": _plain(change.after),
    }
    match change.kind:
        case ChangeKind.ADDED:
            return _("Step added: %(where)s") % names
        case ChangeKind.REMOVED:
            return _("Step removed: %(where)s") % names
        case ChangeKind.MOVED:
            return _("Step %(where)s moved from place %(before)s to %(after)s") % names
        case ChangeKind.CHANGED:
            names["where"] = f"{change.where}.{change.field}" if change.where else change.field
            return _("%(where)s: %(before)s → %(after)s") % names


def _plain(value: Any) -> str:
    """A described condition or value, short."""
    if value is None:
        return "–"
    if isinstance(value, dict):
        if "test" in value:
            return f"{value['test']} {_plain(value['wanted'])}"
        if "wait" in value:
            return str(value["days"])
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items())
    if isinstance(value, bool):
        return json.dumps(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def describe_assumption(code: str) -> str:
    """An assumption of a simulation."""
    return str(_ASSUMPTIONS[code])
