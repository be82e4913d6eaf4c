"""Decisions in sentences: why this, why now, and what would have to change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from cases.lifecycle import SwitchKind
from cases.switches import Switch
from escalation.conditions import LETTER_WAITS, WaitName
from escalation.queries.explanation import Explanation, Looked, StepState
from escalation.wording.names import (
    answer_name,
    day_text,
    fact_name,
    proposal_name,
    thresholds_text,
    value_text,
    word_text,
)
from escalation.wording.switches import switch_name
from kernel.calendar import POLAND

_OUTCOMES: Final[dict[str, Promise]] = {
    "exit": pgettext_lazy("decision", "left the strategy"),
    "hold": pgettext_lazy("decision", "on hold"),
    "wait": pgettext_lazy("decision", "waits"),
    "perform": pgettext_lazy("decision", "step taken"),
    "finished": pgettext_lazy("decision", "all steps taken"),
}
_STATES: Final[dict[StepState, Promise]] = {
    StepState.TAKEN: pgettext_lazy("step", "taken"),
    StepState.PASSED_OVER: pgettext_lazy("step", "passed over"),
    StepState.NEXT: pgettext_lazy("step", "next"),
    StepState.AHEAD: pgettext_lazy("step", "ahead"),
}


def outcome_name(outcome: str) -> str:
    return str(_OUTCOMES[outcome])


def state_name(state: StepState) -> str:
    return str(_STATES[state])


def step_title(title: Mapping[str, str]) -> str:
    """The title in the reader's language."""
    return title.get((get_language() or "en")[:2], title["en"])


def describe_explanation(explanation: Explanation) -> list[str]:
    """What comes next and why, in one to a few sentences, the most important first."""
    now = explanation.now
    if now is None:
        return [_ended(explanation)]
    titles = {step.key: step_title(step.title) for step in explanation.path}
    step = titles.get(now.step, "")
    match now.outcome:
        case "exit":
            reason = "; ".join(describe_blocker(look) for look in now.blockers)
            return [
                _("The strategy ends with the close of the day: %(reason)s.") % {"reason": reason}
            ]
        case "hold":
            return [
                _("Nothing is done now: %(reason)s.")
                % {"reason": "; ".join(describe_blocker(look) for look in now.blockers)},
                *([_("Then: %(step)s.") % {"step": step}] if step else []),
            ]
        case "perform":
            return [_("Next: %(step)s, with the close of the day.") % {"step": step}]
        case "wait" if now.day_known and now.look_again_on:
            day = day_text(now.look_again_on)
            return [
                _("Next: %(step)s, on %(day)s at the earliest.") % {"step": step, "day": day},
                *[_sentence(describe_blocker(look)) for look in now.blockers],
            ]
        case "wait":
            return [
                _("Next: %(step)s. It waits for something without a day.") % {"step": step},
                *[_sentence(describe_blocker(look)) for look in now.blockers],
            ]
        case _:
            return [_("Every step of the strategy is behind the case.")]


def _ended(explanation: Explanation) -> str:
    if explanation.status == "finished":
        return _("Every step of the strategy is behind the case.")
    if explanation.status == "replaced":
        return _("The case started anew.")
    return _("The case has left the strategy.")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def describe_looked(look: Looked) -> str:
    """The condition with its value: ``days past due: 45 (at least 30)``."""
    if look.role == "answer":
        return f"{proposal_name(look.what)}: {answer_name(look.value)}"
    if look.role == "wait":
        return _wait(look)
    if look.role == "switch":
        return condition_text(look)
    wanted = _wanted(look)
    text = f"{fact_name(look.what)}: {value_text(look.what, look.value)}"
    return f"{text} ({wanted})" if wanted else text


def condition_text(look: Looked) -> str:
    """What is asked for, without the value: ``days past due: at least 30``."""
    if look.role == "answer":
        return proposal_name(look.what)
    if look.role == "wait":
        return _term(look)
    if look.role == "switch":
        return _("switched off: %(switch)s") % {"switch": switch_name(_switch(look))}
    test, wanted = look.wanted["test"], look.wanted["wanted"]
    if test == "is" and wanted is True and look.role in ("exit", "hold"):
        return fact_name(look.what)
    if test == "is":
        is_flag = isinstance(wanted, bool)
        shown = value_text(look.what, wanted) if is_flag else _wanted_text(look.what, wanted)
    else:
        shown = _wanted(look)
    text = f"{fact_name(look.what)}: {shown}"
    return _("passed over if %(condition)s") % {"condition": text} if look.role == "skip" else text


def value_now_text(look: Looked, *, on: date | None = None) -> str:
    """The value by itself: ``45``; of a wait how much of it had passed ``on``: ``7 of 14``."""
    if look.role == "answer":
        return answer_name(look.value)
    if look.role == "switch":
        return _("yes")
    if look.role != "wait":
        return value_text(look.what, look.value)
    if look.value is None:
        return _("not yet")
    first_on = look.value if isinstance(look.value, date) else date.fromisoformat(look.value)
    days, name = int(look.wanted["days"]), WaitName(look.what)
    if not days:
        return _("yes") if look.held else _("not yet")
    if on is None:
        return _("from %(day)s") % {"day": day_text(first_on)}
    if name in _IN_WORKING_DAYS:
        last_on = first_on - timedelta(days=name in LETTER_WAITS)
        left = POLAND.working_days_between(on, last_on)
    else:
        left = max((first_on - on).days - (name in LETTER_WAITS), 0)
    if not left and look.held:
        return _("from %(day)s") % {"day": day_text(first_on)}
    return _("%(passed)s of %(days)s") % {"passed": max(days - left, 0), "days": days}


_IN_WORKING_DAYS: Final = frozenset(
    {WaitName.WORKING_DAYS_AFTER_PREVIOUS_STEP, WaitName.WORKING_DAYS_AFTER_DELIVERY_OF}
)


def describe_blocker(look: Looked) -> str:
    """What would have to change, with the day on which it changes by itself."""
    text = _reason(look) if look.role in ("hold", "exit") else describe_looked(look)
    if look.role != "wait" and look.changes_on is not None:
        return _("%(what)s, until %(day)s") % {"what": text, "day": day_text(look.changes_on)}
    return text


def _reason(look: Looked) -> str:
    """A condition that holds, said as a reason: ``time-barred consumer debt``."""
    if look.value is True:
        return fact_name(look.what)
    return f"{fact_name(look.what)}: {value_text(look.what, look.value)}"


def _switch(look: Looked) -> Switch:
    return Switch(SwitchKind(look.what), str(look.value))


def _term(look: Looked) -> str:
    """How long, and after what."""
    wanted: Mapping[str, Any] = look.wanted
    days, letter = int(wanted["days"]), str(wanted["letter"])
    match WaitName(look.what):
        case WaitName.DAYS_PAST_DUE:
            term = ngettext("%(days)d day past due", "%(days)d days past due", days)
        case WaitName.DAYS_AFTER_PREVIOUS_STEP:
            term = ngettext(
                "%(days)d day after the previous step",
                "%(days)d days after the previous step",
                days,
            )
        case WaitName.WORKING_DAYS_AFTER_PREVIOUS_STEP:
            term = ngettext(
                "%(days)d working day after the previous step",
                "%(days)d working days after the previous step",
                days,
            )
        case WaitName.DAYS_AFTER_DELIVERY_OF:
            term = ngettext(
                "%(days)d day after delivery: %(letter)s",
                "%(days)d days after delivery: %(letter)s",
                days,
            )
        case WaitName.WORKING_DAYS_AFTER_DELIVERY_OF:
            term = ngettext(
                "%(days)d working day after delivery: %(letter)s",
                "%(days)d working days after delivery: %(letter)s",
                days,
            )
        case WaitName.ANSWER_OF_THE_POST_FOR:
            term = _("the answer of the post: %(letter)s")
    return term % {"days": days, "letter": fact_name(letter) if letter else ""}


def _wait(look: Looked) -> str:
    named = _term(look)
    if look.value is None:
        return (
            _("%(term)s, not delivered yet") % {"term": named} if look.wanted["letter"] else named
        )
    return _("%(term)s, from %(day)s") % {"term": named, "day": day_text(look.value)}


def _wanted(look: Looked) -> str:
    test, wanted = look.wanted["test"], look.wanted["wanted"]
    shown = _wanted_text(look.what, wanted)
    match test:
        case "is" if isinstance(wanted, bool):
            return ""
        case "at_least":
            return _("at least %(value)s") % {"value": shown}
        case "at_most":
            return _("at most %(value)s") % {"value": shown}
        case "is_not" | "none_of":
            return _("not %(value)s") % {"value": shown}
        case "one_of" | "any_of":
            return _("one of: %(value)s") % {"value": shown}
        case _:
            return _("wanted: %(value)s") % {"value": shown}


def _wanted_text(fact: str, wanted: Any) -> str:
    if wanted == "nothing":
        return _("nothing")
    if isinstance(wanted, Mapping):
        return thresholds_text(wanted)
    if isinstance(wanted, list):
        return ", ".join(word_text(fact, word) for word in wanted)
    return word_text(fact, wanted) if isinstance(wanted, str) else str(wanted)
