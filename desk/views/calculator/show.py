"""The calculator: a topic, its form, and the answer; all of it stands in the address."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from calculations.fields import BadInputs
from calculations.table import TOPICS, calculate
from calculations.topic import Setting, Topic
from desk.views.calculator.answer import ShownAnswer, show_answer
from desk.views.calculator.form import CalculationForm, example_query
from desk.wording.calculations import GROUP_NAMES, TOPIC_WORDS, calculation_error_text
from kernel import clock
from kernel.errors import DomainError
from ledger.queries import get_rates
from staff.access import StaffRequest, page
from staff.rights import Right

_FIRST: Final = "interest_delay"


@require_safe
@page(Right.SEE_CASES)
def show_calculator(request: StaffRequest) -> HttpResponse:
    """Nothing is kept: figures come and go with the address."""
    topic = TOPICS.get(request.GET.get("topic", ""), TOPICS[_FIRST])
    asked = any(request.GET.get(field.name) for field in topic.fields) or "sent" in request.GET
    form = CalculationForm(topic, request.GET if asked else None)
    rates = get_rates()
    shown = _answer(topic, form, Setting(rates, clock.today())) if asked else None
    return render(
        request,
        "desk/calculator.html",
        {
            "topic": topic,
            "words": TOPIC_WORDS[topic.name],
            "groups": _groups(topic),
            "form": form,
            "shown": shown,
            "example_url": f"?{urlencode(example_query(topic))}",
            "confirmed_until": rates.confirmed_until,
            "may_see_rates": request.actor.has(Right.SEE_RUNS),
        },
        status=422 if form.errors else 200,
    )


def _answer(topic: Topic, form: CalculationForm, setting: Setting) -> ShownAnswer | None:
    inputs = form.inputs()
    try:
        return show_answer(topic, inputs, calculate(topic.name, inputs, setting))
    except BadInputs as error:
        form.refuse(error)
    except DomainError as error:
        form.full_clean()
        form.add_error(None, calculation_error_text(error))
    return None


def _groups(current: Topic) -> list[dict[str, Any]]:
    address = reverse("calculator")
    return [
        {
            "name": name,
            "topics": [
                {
                    "name": TOPIC_WORDS[topic.name].name,
                    "url": f"{address}?topic={topic.name}",
                    "current": topic is current,
                }
                for topic in TOPICS.values()
                if topic.group == group
            ],
            "open": group == current.group,
        }
        for group, name in GROUP_NAMES.items()
    ]
