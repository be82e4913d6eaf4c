"""The words for what an event's payload holds: amounts, days, codes and what a person wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookkeeping.lifecycle import WriteOffReason
from bookkeeping.wording import fee_name, order_source_name, write_off_reason_name
from cases.lifecycle import HoldKind, Stage, WorkKind
from cases.wording import hold_name, stage_name, work_name
from contacts.guard import Rule
from contacts.lifecycle import (
    AttemptResult,
    Direction,
    MessageChannel,
    RefusalReason,
    Template,
)
from contacts.recalling import RecallReason
from contacts.wording import (
    message_channel_name,
    recall_text,
    refusal_name,
    result_name,
    template_name,
)
from contacts.wording.guard import rule_text
from debtors.lifecycle import Channel, DataProblem, IdentityItem, PartyRole
from debtors.standing_wording import standing_text
from debtors.wording import channel_name, identity_item_name, problem_name, role_name
from ledger.allocation import OrderSource
from ledger.lifecycle import Component, Keeper
from ledger.wording import component_name, keeper_sentence
from staff.figures import (
    format_amount,
    format_day,
    format_moment,
    format_money,
    mask_accounts_in,
)

Payload = Mapping[str, Any]
#: How a posted charge names the fee of the tariff, and what it was for.
_CHARGE: Final = "charge:"
#: The title of a step by strategy key and step key, in the reader's language.
StepTitles = Mapping[tuple[str, str], str]


class Values(dict[str, str]):
    """The words for what a text names; looked up only when named, a dash where not known."""

    def __init__(self, payload: Payload, titles: StepTitles) -> None:
        super().__init__()
        self._payload = payload
        self._titles = titles

    def __missing__(self, name: str) -> str:
        if name == "step":
            key = (str(self._payload.get("strategy")), str(self._payload.get("step")))
            return self._titles.get(key) or key[1].replace("_", " ")
        if name == "strategy":
            key = (str(self._payload.get("strategy")), "")
            return self._titles.get(key) or key[0].replace("_", " ")
        found = _WORDS[name](self._payload) if name in _WORDS else self._payload.get(name)
        return "–" if found is None else str(found)


def _word(enum: Callable[[str], Any], name: Callable[[Any], Any], key: str) -> Any:
    def word(payload: Payload) -> str | None:
        value = payload.get(key)
        try:
            return str(name(enum(str(value)))) if value else None
        except ValueError:
            return str(value)

    return word


def _money(key: str) -> Callable[[Payload], str | None]:
    def money(payload: Payload) -> str | None:
        minor, currency = payload.get(key), payload.get("currency")
        return format_money(minor, currency) if isinstance(minor, int) and currency else None

    return money


def _day(key: str) -> Callable[[Payload], str | None]:
    def day(payload: Payload) -> str | None:
        value = payload.get(key)
        return format_day(date.fromisoformat(str(value)[:10])) if value else None

    return day


def _note(payload: Payload) -> str:
    """What a person wrote. The codes by which the machine explains itself are left out."""
    text = payload.get("note") or payload.get("reason") or ""
    giver = payload.get("on_behalf_of")
    behalf = _(", on behalf of %(name)s") % {"name": giver} if giver else ""
    is_said = isinstance(text, str) and bool(payload.get("note") or " " in text)
    if isinstance(text, str) and text.startswith(_CHARGE):
        fee, _colon, occasion = text.removeprefix(_CHARGE).partition(":")
        text, is_said = ", ".join(filter(None, (fee_name(fee), occasion))), True
    return f"{behalf}: {text}" if is_said else behalf


def _until(payload: Payload) -> str:
    day = _day("until_on")(payload)
    return _(" until %(day)s") % {"day": day} if day else ""


def _allocated(payload: Payload) -> str:
    """``; to fees 45,00, interest 255,00``"""
    parts = _components(payload.get("allocated"), str(payload.get("currency")), signed=False)
    return _("; to %(parts)s") % {"parts": parts} + _by_order(payload) if parts else ""


def _changes(payload: Payload) -> str:
    parts = _components(payload.get("changes"), str(payload.get("currency")), signed=True)
    return f": {parts}" if parts else ""


def _corrected(payload: Payload) -> str:
    """What all corrections together change; nothing where they only move it."""
    sums: dict[str, int] = {}
    for correction in payload.get("corrected") or []:
        for name, minor in correction.get("changes", {}).items():
            sums[name] = sums.get(name, 0) + minor
    parts = _components(sums, str(payload.get("currency")), signed=True)
    return f": {parts}" if parts else ""


def _components(parts: Any, currency: str, *, signed: bool) -> str:
    if not isinstance(parts, Mapping):
        return ""
    return ", ".join(
        f"{str(component_name(Component(name))).lower()} "
        f"{format_amount(minor, currency, signed=signed)}"
        for name, minor in parts.items()
        if name in set(Component) and minor
    )


def _assigned(payload: Payload) -> str:
    """``Assigned to Anna Wrona, North (before: South)``"""
    whom, before = _holder(payload, ""), _holder(payload, "from_")
    if not whom and not before:
        return _("Assigned")
    said = _("Assigned to %(whom)s") % {"whom": whom} if whom else _("Assigned to nobody")
    return said + (_(" (before: %(holder)s)") % {"holder": before} if before else "")


def _holder(payload: Payload, when: str) -> str:
    """An officer, the team, or the officer with the team; empty where it was nobody's."""
    names = (payload.get(f"{when}owner"), payload.get(f"{when}team"))
    return ", ".join(name for name in names if name)


def _problems(payload: Payload) -> str:
    problems = payload.get("problems") or []
    if not problems:
        return _("all solved")
    return ", ".join(
        str(problem_name(DataProblem(problem))) if problem in set(DataProblem) else str(problem)
        for problem in problems
    )


def _said(payload: Payload) -> str:
    """Beyond the result: why they refuse, when they want to be called, that it was another."""
    parts = []
    if payload.get("other_person"):
        parts.append(_("somebody else"))
    if payload.get("refusal") in set(RefusalReason):
        parts.append(str(refusal_name(RefusalReason(payload["refusal"]))))
    if moment := payload.get("call_back_at"):
        parts.append(format_moment(datetime.fromisoformat(str(moment))))
    return "".join(f", {part}" for part in parts)


def _direction(payload: Payload) -> str:
    return _("From the debtor, ") if payload.get("direction") == Direction.IN else ""


def _reference(payload: Payload) -> str:
    reference = mask_accounts_in(str(payload.get("reference") or ""))
    return f", {reference}" if reference else ""


def _value_day(payload: Payload) -> str:
    """Where it holds from another day than that on which it was recorded."""
    day = payload.get("other_day")
    return _(" of %(day)s") % {"day": format_day(day)} if isinstance(day, date) else ""


def _rule(payload: Payload) -> str:
    """``: Outside the hours of the contact policy``"""
    rule, values = payload.get("rule"), payload.get("values")
    if rule not in set(Rule):
        return ""
    return f": {rule_text(Rule(rule), values if isinstance(values, Mapping) else {})}"


def _recalled(payload: Payload) -> str:
    """``: nothing of it is due any more``"""
    reason = payload.get("recalled")
    return f": {recall_text(RecallReason(reason))}" if reason in set(RecallReason) else ""


def _named(payload: Payload) -> str:
    """What a caller named, in the middle of a sentence."""
    items = set(IdentityItem)
    names = [
        str(identity_item_name(IdentityItem(item))) for item in payload["named"] if item in items
    ]
    return ", ".join(name if name.isupper() else name.lower() for name in names)


def _caller(payload: Payload) -> str:
    """`` (co-debtor)``, where it is not the debtor who called."""
    role = payload.get("role")
    return f" ({role_name(PartyRole(role))})" if role in set(PartyRole) else ""


def _shown(payload: Payload) -> str:
    """``PESEL, 2 contact points, 1 address, 3 account numbers``"""
    identifiers = [str(identity_item_name(IdentityItem(name))) for name in payload["identifiers"]]
    points, addresses, debts = (
        len(payload[name]) for name in ("contact_point_ids", "address_ids", "debt_ids")
    )
    counted = [
        (points, ngettext("%(n)s contact point", "%(n)s contact points", points)),
        (addresses, ngettext("%(n)s address", "%(n)s addresses", addresses)),
        (debts, ngettext("%(n)s account number", "%(n)s account numbers", debts)),
    ]
    return ", ".join([*identifiers, *(text % {"n": n} for n, text in counted if n)]) or _("nothing")


def _write_off_reason(payload: Payload) -> str:
    """``, hardship of the debtor``"""
    code = payload.get("reason_code")
    if code not in set(WriteOffReason):
        return ""
    name = str(write_off_reason_name(WriteOffReason(code)))
    return f", {name[:1].lower()}{name[1:]}"


def _by_order(payload: Payload) -> str:
    """`` (by the order of the product)``, where it is not the one that is everybody's."""
    source = payload.get("order_source")
    if source not in set(OrderSource) or source == OrderSource.EVERYBODY:
        return ""
    return _(" (by %(order)s)") % {"order": order_source_name(OrderSource(source))}


def _standing(key: str) -> Callable[[Payload], str]:
    def standing(payload: Payload) -> str:
        held = payload.get(key)
        if not held:
            return ""
        return standing_text(
            default=held["default"], forborne=held["forborne"], stage=held["stage"]
        )

    return standing


def _late(payload: Payload) -> str:
    late = _("; something from an earlier day became known")
    return late if payload.get("back_dated") else ""


_WORDS: Final[dict[str, Callable[[Payload], str | None]]] = {
    "from": _word(Stage, stage_name, "from"),
    "to": _word(Stage, stage_name, "to"),
    "hold": _word(HoldKind, hold_name, "kind"),
    "work": _word(WorkKind, work_name, "kind"),
    "channel": _word(Channel, channel_name, "channel"),
    "carrier": _word(MessageChannel, message_channel_name, "channel"),
    "result": _word(AttemptResult, result_name, "result"),
    "template": _word(Template, template_name, "template"),
    "component": _word(Component, component_name, "component"),
    "role": _word(PartyRole, role_name, "role"),
    "amount": _money("amount_minor"),
    "paid": _money("paid_minor"),
    "before": _money("before_minor"),
    "claim": _money("claim_minor"),
    "due_amount": _money("due_minor"),
    "due": _day("due_on"),
    "effective": _day("effective_on"),
    "put_aside_until": _day("until_on"),
    "until": _until,
    "note": _note,
    "text": lambda payload: str(payload.get("note") or ""),
    "allocated": _allocated,
    "changes": _changes,
    "corrected": _corrected,
    "book": _word(Keeper, keeper_sentence, "keeper"),
    "from_on": _day("from_on"),
    "through": _day("through"),
    "problems": _problems,
    "direction": _direction,
    "said": _said,
    "reference": _reference,
    "value_day": _value_day,
    "rule": _rule,
    "recalled": _recalled,
    "standing": _standing("after"),
    "standing_before": _standing("before"),
    "standing_from": _day("from_on"),
    "late": _late,
    "named": _named,
    "caller": _caller,
    "assigned": _assigned,
    "identifier": _word(IdentityItem, identity_item_name, "field"),
    "shown": _shown,
    "write_off_reason": _write_off_reason,
    "fee": lambda payload: fee_name(str(payload.get("fee"))),
    "from_day": _day("from_on"),
    "value_on": _day("value_on"),
    "until_day": _day("until_on"),
}
