"""The words of the pages about the running of the product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from escalation.queries.switching import Stopped
from staff.figures import format_count, format_day, format_moment

_QUEUES: Final[dict[str, Promise]] = {
    "interactive": gettext_lazy("What somebody waits for"),
    "batch": gettext_lazy("The night and files"),
    "io": gettext_lazy("What goes out"),
    "system": gettext_lazy("News and upkeep"),
}


def queue_name(queue: str) -> str:
    """What a queue of the workers is for."""
    return str(_QUEUES.get(queue, queue))


def stopped_text(stopped: Stopped) -> str:
    """``12 messages in the queue, 40 cases at this step``"""
    messages = ngettext(
        "%(count)s message in the queue", "%(count)s messages in the queue", stopped.messages
    ) % {"count": format_count(stopped.messages)}
    cases = ngettext(
        "%(count)s case whose next step it is",
        "%(count)s cases whose next step it is",
        stopped.cases,
    ) % {"count": format_count(stopped.cases)}
    return f"{messages}, {cases}"


def finding_text(name: str, finding: Mapping[str, Any]) -> str:
    """What a check of ``/readyz`` found wrong, and what helps."""
    match name:
        case "broker":
            return _(
                "The broker does not answer: workers are not woken up, and only look around by"
                " themselves. Start it, or check CELERY_BROKER_URL."
            )
        case "workers":
            queues = ", ".join(queue_name(queue) for queue in finding.get("silent_queues", ()))
            return _("No worker takes from: %(queues)s. Start workers for these queues.") % {
                "queues": queues
            }
        case "day_close":
            expected = finding.get("expected_on")
            day = format_day(expected) if expected else "–"
            return _("The day %(day)s should be closed by now. Run manage.py close_day.") % {
                "day": day
            }
        case "deliveries" if finding.get("parked"):
            return _(
                "Deliveries of events failed for good. Put the cause right, then run manage.py"
                " retry_deliveries."
            )
        case "deliveries":
            return _("Events wait to be delivered for too long.")
        case "partitions":
            return _(
                "The partitions of the journal were not made ahead. Events are kept in the default"
                " one; look at the worker of the queue “system”."
            )
        case "proof":
            faults = finding.get("faults", 0)
            return ngettext(
                "%(count)s fault was found in the ledger, the boards or the journal on %(at)s. Run"
                " manage.py verify: it names the place.",
                "%(count)s faults were found in the ledger, the boards or the journal on %(at)s."
                " Run manage.py verify: it names the places.",
                faults,
            ) % {"count": format_count(faults), "at": format_moment(finding["proved_at"])}
        case _:
            return name
