"""Officers who take the next case from their queue, call, listen and write down."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from cases.lifecycle import HoldKind, WorkKind
from cases.models import Case, WorkItem
from cases.operations import (
    claim_next_work_item,
    finish_work_item,
    hold_case,
    put_work_aside,
)
from collections_app.demo.temperament import HABITS, Temperament
from collections_app.demo.world import Claim, World, list_claims
from contacts.lifecycle import AttemptResult, Direction, RequestStatus
from contacts.models import RestructuringRequest
from contacts.operations import (
    NewPromise,
    answer_restructuring_request,
    log_contact,
    record_restructuring_request,
)
from contacts.promise_rules import find_turn_fault
from contacts.queries import get_promise_limits
from debtors.lifecycle import AddressKind, Channel, ContactPointKind
from debtors.models import ContactPoint
from debtors.operations import add_contact_point, set_address
from kernel.actor import Actor
from kernel.calendar import POLAND
from kernel.errors import DomainError
from negotiations.lifecycle import AgreementKind
from negotiations.operations import propose_agreement
from negotiations.schedule import Terms

#: How many items an officer of the story does in a day, at the most.
_ITEMS_A_DAY: Final = 7
_PUT_ASIDE: Final = (
    "Wypłata dopiero za kilka dni, prosi o telefon później.",
    "Czeka na potwierdzenie przelewu.",
    "Na urlopie, oddzwonić po powrocie.",
)
_CALLS: Final = {WorkKind.CALL, WorkKind.BROKEN_PROMISE, WorkKind.BROKEN_AGREEMENT}
_NOTES: Final = {
    AttemptResult.NO_ANSWER: "",
    AttemptResult.SPOKE: "Prosi o czas do wypłaty.",
    AttemptResult.PROMISED: "Potwierdził kwotę i termin.",
    AttemptResult.WANTS_INSTALMENTS: "Chce spłacać w ratach.",
    AttemptResult.REFUSED: "Odmawia zapłaty.",
    AttemptResult.DISPUTES: "Kwestionuje wysokość zadłużenia.",
}


def work_queues(world: World, on: date, at: datetime, *, share: float) -> None:
    """Every officer does a day's work; together ``share`` of what is due, so that some is late."""
    left = int(WorkItem.objects.filter(status="open", due_on__lte=on).count() * share)
    for number in range(_ITEMS_A_DAY):
        for place, officer in enumerate(world.officers):
            if left <= 0:
                return
            left -= 1
            moment = at + timedelta(minutes=1 + 45 * number + 3 * place)
            item = claim_next_work_item(on=on, actor=officer, at=moment)
            if item is None:
                continue
            try:
                _do(world, item, officer, on, moment)
            except DomainError:
                _finish(item, "Nie dało się tego zrobić.", officer, moment)


def _do(world: World, item: WorkItem, officer: Actor, on: date, at: datetime) -> None:
    dice = world.dice("aside", item.pk)
    if item.kind in _CALLS and item.first_due_on is None and dice.random() < 0.08:
        put_work_aside(
            work_item_id=item.pk,
            until_on=POLAND.add_working_days(on, dice.randint(2, 8)),
            reason=dice.choice(_PUT_ASIDE),
            actor=officer,
            at=at,
        )
    elif item.kind in _CALLS:
        _call(world, item, officer, on, at)
    elif item.kind in {WorkKind.FIND_ADDRESS, WorkKind.LETTER_RETURNED}:
        _find_address(world, item, officer, at)
    elif item.kind == WorkKind.ANSWER_REQUEST:
        _answer_request(world, item, officer, at)
    elif item.kind == WorkKind.SOLVE_DATA_PROBLEM:
        _solve_data_problem(world, item, officer, at)
    else:
        _finish(item, "Sprawdzone.", officer, at)


def _call(world: World, item: WorkItem, officer: Actor, on: date, at: datetime) -> None:
    phone = (
        ContactPoint.objects.filter(debtor__case=item.case_id, is_usable=True)
        .exclude(kind=ContactPointKind.EMAIL)
        .order_by("id")
        .first()
    )
    claims = list_claims(item.case_id)
    if phone is None or not claims:
        _finish(item, "Brak numeru telefonu.", officer, at)
        return
    result = _result(world, item)
    limits = get_promise_limits(case=item.case, on=on, actor=officer)
    if result is AttemptResult.PROMISED and find_turn_fault(limits) is not None:
        result = AttemptResult.SPOKE
    promise = _promise(world, item, claims[0], on) if result is AttemptResult.PROMISED else None
    log_contact(
        case_id=item.case_id,
        channel=Channel.PHONE,
        direction=Direction.OUT,
        result=result,
        note=_NOTES[result],
        contact_point_id=phone.pk,
        person_id=phone.debtor_id,
        promise=promise,
        actor=officer,
        at=at,
    )
    _follow(world, item, result, claims[0], officer, on, at)
    _finish(item, _NOTES[result], officer, at)


def _result(world: World, item: WorkItem) -> AttemptResult:
    temperament = world.temperament(item.case_id)
    dice = world.dice("call", item.pk)
    if dice.random() > HABITS[temperament].answers:
        return AttemptResult.NO_ANSWER
    choices: dict[Temperament, tuple[AttemptResult, ...]] = {
        Temperament.STRAPPED: (AttemptResult.WANTS_INSTALMENTS, AttemptResult.PROMISED),
        Temperament.STUBBORN: (AttemptResult.REFUSED, AttemptResult.REFUSED, AttemptResult.SPOKE),
        Temperament.DISPUTING: (AttemptResult.DISPUTES,),
        Temperament.STRICKEN: (AttemptResult.SPOKE,),
    }
    usual = (AttemptResult.PROMISED, AttemptResult.PROMISED, AttemptResult.SPOKE)
    return dice.choice(choices.get(temperament, usual))


def _promise(world: World, item: WorkItem, claim: Claim, on: date) -> NewPromise:
    dice = world.dice("promise", item.pk)
    whole = dice.random() < 0.45
    amount = claim.due_minor if whole else max(claim.due_minor * dice.randint(20, 70) // 100, 1)
    due_on = on + timedelta(days=dice.randint(3, 14))
    habits = HABITS[world.temperament(item.case_id)]
    if dice.random() < habits.keeps_promise:
        world.plan(due_on, item.case_id, amount, "")
    return NewPromise(amount, claim.currency, due_on)


def _follow(
    world: World,
    item: WorkItem,
    result: AttemptResult,
    claim: Claim,
    officer: Actor,
    on: date,
    at: datetime,
) -> None:
    dice = world.dice("follow", item.pk)
    if result is AttemptResult.WANTS_INSTALMENTS:
        if dice.random() < 0.12:
            record_restructuring_request(
                case_id=item.case_id,
                received_on=on,
                note="Prosi o zmianę warunków umowy.",
                actor=officer,
                at=at,
            )
            return
        propose_agreement(
            case_id=item.case_id,
            currency=claim.currency,
            terms=_terms(dice.random(), claim, on),
            note="Ustalono w rozmowie.",
            actor=officer,
            at=at,
        )
    elif result is AttemptResult.DISPUTES:
        _hold(item, HoldKind.DISPUTE, "Kwestionuje saldo, czeka na wyciąg.", 30, officer, on, at)
    elif world.temperament(item.case_id) is Temperament.STRICKEN:
        reason = "Poważna choroba w rodzinie, prosi o przerwę."
        _hold(item, HoldKind.VULNERABILITY, reason, 60, officer, on, at)


def _terms(draw: float, claim: Claim, on: date) -> Terms:
    first = on + timedelta(days=14)
    if draw < 0.12:
        share = claim.due_minor * 15 // 100
        return Terms(AgreementKind.SETTLEMENT, 1, first, share)
    if draw < 0.25:
        return Terms(AgreementKind.DEFERRAL, 1, on + timedelta(days=28))
    smallest = 5_000
    most = max(1, min(18 if draw > 0.85 else 10, claim.due_minor // smallest))
    return Terms(AgreementKind.INSTALMENTS, max(most, 1), first)


def _hold(
    item: WorkItem,
    kind: HoldKind,
    reason: str,
    days: int,
    officer: Actor,
    on: date,
    at: datetime,
) -> None:
    hold_case(
        case_id=item.case_id,
        kind=kind,
        reason=reason,
        from_on=on,
        until_on=on + timedelta(days=days),
        actor=officer,
        at=at,
    )


def _find_address(world: World, item: WorkItem, officer: Actor, at: datetime) -> None:
    dice = world.dice("address", item.pk)
    if dice.random() < 0.6:
        debtor_id = Case.objects.values_list("debtor_id", flat=True).get(pk=item.case_id)
        set_address(
            debtor_id=debtor_id,
            kind=AddressKind.CORRESPONDENCE,
            street=f"ul. Nowa {dice.randint(1, 120)}",
            postal_code=f"{dice.randint(10, 99)}-{dice.randint(100, 999)}",
            city="Wrocław",
            reason="Ustalono u pracodawcy.",
            actor=officer,
            at=at,
        )
    _finish(item, "Sprawdzono w rejestrach.", officer, at)


def _solve_data_problem(world: World, item: WorkItem, officer: Actor, at: datetime) -> None:
    """Half of them are found; about the others the bank has been asked."""
    dice = world.dice("problem", item.pk)
    if dice.random() < 0.5:
        debtor_id = Case.objects.values_list("debtor_id", flat=True).get(pk=item.case_id)
        add_contact_point(
            debtor_id=debtor_id,
            value=f"+48 212 {dice.randint(0, 999_999):06d}",
            reason="Podany w oddziale.",
            actor=officer,
            at=at,
        )
    _finish(item, "Zapytano bank.", officer, at)


def _answer_request(world: World, item: WorkItem, officer: Actor, at: datetime) -> None:
    request = RestructuringRequest.objects.filter(
        case_id=item.case_id, status=RequestStatus.RECEIVED
    ).first()
    if request is None:
        _finish(item, "Odpowiedziano.", officer, at)
        return
    grant = world.dice("request", request.pk).random() < 0.3
    answer_restructuring_request(
        request_id=request.pk,
        move="grant" if grant else "refuse",
        reasons="Dochód nie wystarcza na raty po zmianie umowy." if not grant else "Zgoda.",
        actor=officer,
        at=at,
    )


def _finish(item: WorkItem, note: str, officer: Actor, at: datetime) -> None:
    if WorkItem.objects.filter(pk=item.pk, status="open").exists():
        finish_work_item(work_item_id=item.pk, note=note or "Wykonano.", actor=officer, at=at)
