"""The note that writes itself, and what of a note is the officer's own words."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from contacts.lifecycle import FROM_OTHERS, AttemptResult, Direction, RefusalReason
from contacts.wording.notes import NoteFacts, contact_note, own_words
from debtors.lifecycle import Channel
from kernel.clock import instant

NAME = "Marzena Kowalczyk"


def facts(result: AttemptResult, **changes: object) -> NoteFacts:
    given = {"channel": Channel.PHONE, "direction": Direction.OUT, "name": NAME}
    return NoteFacts(result=result, **{**given, **changes})  # type: ignore[arg-type]


PROMISE = facts(
    AttemptResult.PROMISED, amount_minor=85_000, currency="PLN", due_on=date(2026, 11, 27)
)


@pytest.mark.parametrize(
    ("given", "english", "polish"),
    [
        (
            PROMISE,
            "Spoke with Marzena Kowalczyk. Promised 850,00\u00a0zł by 27.11.2026.",
            "Rozmowa: Marzena Kowalczyk. Obietnica wpłaty 850,00\u00a0zł do 27.11.2026.",
        ),
        (
            facts(AttemptResult.SPOKE, is_identified=True),
            "Spoke with Marzena Kowalczyk. Identity confirmed.",
            "Rozmowa: Marzena Kowalczyk. Tożsamość potwierdzona.",
        ),
        (
            facts(AttemptResult.NO_ANSWER),
            "Called Marzena Kowalczyk: no answer.",
            "Telefon do: Marzena Kowalczyk, nikt nie odebrał.",
        ),
        (
            facts(AttemptResult.NO_ANSWER, channel=Channel.VISIT),
            "Visited Marzena Kowalczyk: nobody was there.",
            "Wizyta: Marzena Kowalczyk, nikogo nie było.",
        ),
        (
            facts(AttemptResult.REFUSED, direction=Direction.IN, refusal=RefusalReason.LOST_JOB),
            "Marzena Kowalczyk called. Refuses to pay: has lost the job.",
            "Telefon od: Marzena Kowalczyk. Odmawia zapłaty: stracił(a) pracę.",
        ),
        (
            facts(AttemptResult.REFUSED),
            "Spoke with Marzena Kowalczyk. Refuses to pay.",
            "Rozmowa: Marzena Kowalczyk. Odmawia zapłaty.",
        ),
        (
            facts(AttemptResult.DISPUTES, dispute="the fee of May."),
            "Spoke with Marzena Kowalczyk. Disputes the debt: the fee of May.",
            "Rozmowa: Marzena Kowalczyk. Kwestionuje dług: the fee of May.",
        ),
        (
            facts(AttemptResult.CALL_BACK, call_back_at=instant(date(2026, 11, 27), time(14, 30))),
            "Spoke with Marzena Kowalczyk. Asks to be called on Fri\u00a027.11.2026 at 14:30.",
            "Rozmowa: Marzena Kowalczyk. Prosi o telefon: pt.\u00a027.11.2026 o 14:30.",
        ),
        (
            facts(AttemptResult.MESSAGE_LEFT, is_other_person=True),
            "Spoke with somebody else; nothing was said about the debt.",
            "Rozmowa z inną osobą; o długu nic nie powiedziano.",
        ),
        (
            facts(AttemptResult.WRONG_PERSON, gives_up_point=True),
            "Did not reach Marzena Kowalczyk. The number does not lead there and is used no more.",
            "Bez kontaktu: Marzena Kowalczyk. Numer tam nie prowadzi i nie będzie już używany.",
        ),
        (
            facts(AttemptResult.WANTS_INSTALMENTS, name="", channel=Channel.EMAIL),
            "E-mail to the debtor, answered. Wants to pay in instalments.",
            "E-mail do: dłużnik, z odpowiedzią. Chce spłacać w ratach.",
        ),
    ],
)
def test_the_note_says_what_was_chosen_in_the_readers_language(
    given: NoteFacts, english: str, polish: str
) -> None:
    with translation.override("en"):
        assert contact_note(given) == english
    with translation.override("pl"):
        assert contact_note(given) == polish


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("result", AttemptResult)
def test_every_choice_has_a_note_and_names_nobody_else(
    channel: Channel, direction: Direction, result: AttemptResult
) -> None:
    with translation.override("en"):
        note = contact_note(facts(result, channel=channel, direction=direction))
        assert note.endswith(".")
        assert NAME in note
        if result in FROM_OTHERS:
            other = facts(result, channel=channel, direction=direction, is_other_person=True)
            assert NAME not in contact_note(other)


@pytest.mark.parametrize(
    ("note", "own"),
    [
        ("Made.", ""),
        ("Made. Salary on the 19th", "Salary on the 19th"),
        ("Made.\n  Salary   on the 19th", "Salary on the 19th"),
        ("Only own words", "Only own words"),
        ("Before. Made.", "Before. Made."),
        ("  ", ""),
        ("", ""),
    ],
)
def test_own_words_are_what_stands_after_the_note_that_was_made(note: str, own: str) -> None:
    assert own_words(note, "Made.") == own


@given(own=st.text(alphabet=st.characters(categories=["L", "N", "P"]), min_size=1))
def test_whatever_is_added_is_kept_as_it_was_written(own: str) -> None:
    assert own_words(f"Made. {own}", "Made.") == own
    assert own_words(own, "") == own
