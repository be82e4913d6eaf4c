"""The documents as OpenAPI describes them. They describe only: rows never pass through them."""

from __future__ import annotations

from rest_framework import serializers

from cases.lifecycle import CaseStatus, Handler, HoldKind, Stage, WorkKind
from debtors.lifecycle import DebtorKind, PartyRole, Product
from debtors.regulatory import DefaultReason, Forborne
from ledger.lifecycle import Component, EntryState, Keeper
from ledger.rates import RateKind
from ledger.statements.values import Form

# mypy: disable-error-code="type-arg"


def _words(kind: type) -> list[str]:
    return [word.value for word in kind]  # type: ignore[attr-defined]


def _amount() -> serializers.RegexField:
    return serializers.RegexField(r"^-?[0-9]+(\.[0-9]{2,4})?$", help_text="In major units.")


def _amount_or_none() -> serializers.RegexField:
    return serializers.RegexField(
        r"^-?[0-9]+(\.[0-9]{2,4})?$", help_text="In major units.", allow_null=True
    )


class TeamShape(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class OwnerShape(serializers.Serializer):
    username = serializers.CharField()
    name = serializers.CharField()


class DebtorShape(serializers.Serializer):
    external_id = serializers.CharField(help_text="The debtor's id in the bank's own system.")
    kind = serializers.ChoiceField(_words(DebtorKind))
    name = serializers.CharField()


class IdentifiersShape(serializers.Serializer):
    pesel = serializers.CharField(allow_null=True)
    nip = serializers.CharField(allow_null=True)
    regon = serializers.CharField(allow_null=True)


class DebtorInFullShape(DebtorShape):
    identifiers = IdentifiersShape(
        help_text="All but the first two characters and the last are hidden."
    )


class OwedShape(serializers.Serializer):
    currency = serializers.CharField()
    due = _amount()
    outstanding = _amount()


class CaseSummaryShape(serializers.Serializer):
    number = serializers.CharField()
    status = serializers.ChoiceField(_words(CaseStatus))
    stage = serializers.ChoiceField(_words(Stage))
    handled_by = serializers.ChoiceField(
        _words(Handler), help_text="Who has the case in hand; one at a time."
    )
    opened_on = serializers.DateField()
    closed_on = serializers.DateField(allow_null=True)
    updated_at = serializers.DateTimeField()
    debtor = DebtorShape()
    team = TeamShape(allow_null=True)
    owner = OwnerShape(allow_null=True)
    products = serializers.ListField(child=serializers.ChoiceField(_words(Product)))
    owed = OwedShape(many=True, help_text="By currency; amounts are never added across them.")
    due_since = serializers.DateField(allow_null=True)
    days_past_due = serializers.IntegerField(help_text="On the day of the answer, in Warsaw.")


class CasePageDocument(serializers.Serializer):
    cases = CaseSummaryShape(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="None on the last page.")
    as_of = serializers.DateTimeField()
    next_updated_since = serializers.DateTimeField(
        help_text="Ask with it next time to miss no change; some cases may come again."
    )


class BalanceShape(serializers.Serializer):
    due = _amount()
    not_yet_due = _amount()


ComponentsShape = type(
    "ComponentsShape",
    (serializers.Serializer,),
    {component.value: BalanceShape() for component in Component},
)


class PartyShape(DebtorShape):
    role = serializers.ChoiceField(_words(PartyRole))


class StandingShape(serializers.Serializer):
    default = serializers.ChoiceField(
        _words(DefaultReason), allow_null=True, help_text="Why it is in default; null: it is not."
    )
    default_since = serializers.DateField(allow_null=True)
    forborne = serializers.ChoiceField(_words(Forborne))
    forborne_since = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(
        allow_null=True, help_text="The first day on which it may end by itself."
    )
    stage = serializers.IntegerField(help_text="A hint at the IFRS 9 stage: 1, 2 or 3.")
    since = serializers.DateField(allow_null=True, help_text="It stands so since that day.")


class DebtShape(serializers.Serializer):
    external_id = serializers.CharField()
    contract_no = serializers.CharField()
    product = serializers.ChoiceField(_words(Product))
    currency = serializers.CharField()
    contract_on = serializers.DateField(allow_null=True)
    terminated_on = serializers.DateField(allow_null=True)
    limitation_on = serializers.DateField(allow_null=True)
    due = _amount()
    outstanding = _amount()
    due_since = serializers.DateField(allow_null=True)
    days_past_due = serializers.IntegerField()
    standing = StandingShape()
    components = ComponentsShape()
    parties = PartyShape(many=True)


class StopsShape(serializers.Serializer):
    contact = serializers.BooleanField()
    escalation = serializers.BooleanField()
    interest = serializers.BooleanField()


class HoldShape(serializers.Serializer):
    kind = serializers.ChoiceField(_words(HoldKind))
    from_on = serializers.DateField()
    until_on = serializers.DateField(allow_null=True)
    placed_at = serializers.DateTimeField()
    stops = StopsShape()


class WorkItemShape(serializers.Serializer):
    kind = serializers.ChoiceField(_words(WorkKind))
    due_on = serializers.DateField()
    priority = serializers.IntegerField()
    opened_at = serializers.DateTimeField()


_OUTCOMES = ["exit", "hold", "wait", "perform", "finished"]


class TitleShape(serializers.Serializer):
    pl = serializers.CharField()
    en = serializers.CharField()


class LookShape(serializers.Serializer):
    """One condition: where it stands, what it asks for, what it found, and whether it held."""

    place = serializers.CharField()
    part = serializers.CharField(help_text="exit_when, hold_when, switch, or the key of a step.")
    role = serializers.ChoiceField(["exit", "hold", "skip", "wait", "when", "answer", "switch"])
    what = serializers.CharField(
        help_text="The fact, the wait, the proposal, or the kind of a switch that is off."
    )
    held = serializers.BooleanField()
    value = serializers.JSONField(allow_null=True, help_text="Amounts in minor units.")
    wanted = serializers.JSONField(allow_null=True, help_text="Amounts in major units.")
    changes_on = serializers.DateField(
        allow_null=True, help_text="When time alone changes the answer."
    )


class DecisionNowShape(serializers.Serializer):
    outcome = serializers.ChoiceField(_OUTCOMES)
    step = serializers.CharField(help_text="Empty past the last step.")
    round = serializers.IntegerField()
    look_again_on = serializers.DateField(allow_null=True)
    day_known = serializers.BooleanField()
    looked_at = LookShape(many=True)
    blockers = serializers.ListField(
        child=serializers.CharField(), help_text="Places of what would have to change."
    )


class DecisionMadeShape(serializers.Serializer):
    on = serializers.DateField()
    at = serializers.DateTimeField()
    cause = serializers.CharField(help_text="The close of a day, or an event.")
    outcome = serializers.ChoiceField(_OUTCOMES)
    step = serializers.CharField()
    round = serializers.IntegerField()
    look_again_on = serializers.DateField(allow_null=True)
    looked_at = LookShape(many=True)


class PathStepShape(serializers.Serializer):
    step = serializers.CharField()
    title = TitleShape()
    stage = serializers.ChoiceField(_words(Stage))
    state = serializers.ChoiceField(["taken", "passed_over", "next", "ahead"])
    taken_on = serializers.ListField(child=serializers.DateField())
    rounds = serializers.IntegerField()


class NextStepShape(serializers.Serializer):
    strategy = serializers.CharField()
    title = TitleShape()
    version = serializers.IntegerField()
    status = serializers.CharField(help_text="Of the enrolment: active, or how it ended.")
    entered_on = serializers.DateField()
    end_reason = serializers.CharField()
    next_due_on = serializers.DateField(allow_null=True)
    now = DecisionNowShape(allow_null=True, help_text="Null once the case has left the strategy.")
    last = DecisionMadeShape(allow_null=True)
    path = PathStepShape(many=True)


class CaseDocument(CaseSummaryShape):
    debtor = DebtorInFullShape()
    standing = StandingShape(help_text="The gravest of the debts, or of the firm over all of them.")
    debts = DebtShape(many=True)
    holds = HoldShape(many=True)
    work = WorkItemShape(many=True)
    next_step = NextStepShape(
        allow_null=True, help_text="Null for a case that never was on a strategy."
    )


class SegmentShape(serializers.Serializer):
    """Days with one rate and one base; their interest is rounded, then added."""

    first_on = serializers.DateField()
    last_on = serializers.DateField()
    days = serializers.IntegerField()
    rate = serializers.ChoiceField(_words(RateKind))
    percent = serializers.CharField(help_text="A year, of 365 days.")
    article = serializers.CharField()
    source = serializers.CharField(help_text="Where a published rate was read.")  # type: ignore[assignment]
    base = _amount()
    amount = _amount()


class InterestShape(serializers.Serializer):
    segments = SegmentShape(many=True)
    total = _amount()
    posted = _amount()
    not_posted = _amount()
    unconfirmed_from = serializers.DateField(
        allow_null=True, help_text="From this day on the rates are not confirmed yet."
    )


class DebtOnDayShape(serializers.Serializer):
    external_id = serializers.CharField()
    contract_no = serializers.CharField()
    currency = serializers.CharField()
    keeper = serializers.ChoiceField(
        _words(Keeper), help_text="Whose figures were the book of record on the day."
    )
    taken_over_on = serializers.DateField()
    due = _amount()
    outstanding = _amount()
    paid_ahead = _amount()
    due_since = serializers.DateField(allow_null=True)
    days_past_due = serializers.IntegerField()
    components = ComponentsShape()
    interest = InterestShape(help_text="Of ours, from its first day, as it is known now.")


class LedgerDocument(serializers.Serializer):
    number = serializers.CharField()
    as_of = serializers.DateField()
    known_at = serializers.DateTimeField(allow_null=True, help_text="Null: as it is known now.")
    debts = DebtOnDayShape(many=True)


class ActorShape(serializers.Serializer):
    kind = serializers.ChoiceField(["user", "client", "system"])
    id = serializers.CharField()


class EventShape(serializers.Serializer):
    id = serializers.CharField()
    kind = serializers.CharField()
    about = serializers.CharField()
    actor = ActorShape()
    effective_on = serializers.DateField()
    recorded_at = serializers.DateTimeField()
    details = serializers.DictField(help_text="Codes and typed values; free text is left out.")


class TimelineDocument(serializers.Serializer):
    events = EventShape(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="None on the last page.")


class StatementFindingShape(serializers.Serializer):
    code = serializers.CharField()
    place = serializers.CharField(help_text="The line or element of the file.")
    detail = serializers.CharField(help_text="In English.")


class BankStatementShape(serializers.Serializer):
    account = serializers.CharField(help_text="The bank's own account; not a debtor's.")
    currency = serializers.CharField()
    number = serializers.CharField(allow_blank=True)
    from_on = serializers.DateField(allow_null=True)
    to_on = serializers.DateField(allow_null=True)
    opening = _amount_or_none()
    closing = _amount_or_none()
    entries = serializers.IntegerField()
    known_before = serializers.BooleanField(
        help_text="Another form or file told of the same entries; nothing of this one is posted."
    )


class StatementDocument(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    form = serializers.ChoiceField(_words(Form))
    received_at = serializers.DateTimeField()
    known_before = serializers.BooleanField(
        help_text="These bytes were sent before; nothing has changed."
    )
    entries = serializers.IntegerField()
    states = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Entries by what became of them: "
        + ", ".join([*_words(EntryState), "provisional"])
        + ".",
    )
    statements = BankStatementShape(many=True)
    findings = StatementFindingShape(many=True)
