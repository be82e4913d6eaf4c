from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.secrecy import Sealer, Unreadable, derive_key

OLD, NEW = b"the old secret of the house", b"the new secret of the house"
TEXTS = st.text(max_size=60)
PESEL = Sealer([OLD], "debtor.pesel")


@given(TEXTS)
def test_what_is_sealed_opens_again_and_always_seals_alike(plain: str) -> None:
    assert PESEL.open(PESEL.seal(plain)) == plain
    assert PESEL.seal(plain) == PESEL.seal(plain), "an unchanged value is not rewritten"


@given(st.text(min_size=4, max_size=60))
def test_a_sealed_text_does_not_hold_the_plain_one(plain: str) -> None:
    assert plain.encode() not in PESEL.seal(plain)
    assert plain.encode() not in PESEL.fingerprint(plain)


@given(TEXTS, st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_altered_byte_is_noticed(plain: str, place: int, flip: int) -> None:
    sealed = bytearray(PESEL.seal(plain))
    sealed[place % len(sealed)] ^= flip
    with pytest.raises(Unreadable):
        PESEL.open(bytes(sealed))


@given(TEXTS, TEXTS)
def test_fingerprints_are_equal_for_equal_texts_only(one: str, other: str) -> None:
    assert (PESEL.fingerprint(one) == PESEL.fingerprint(other)) is (one == other)
    assert len(PESEL.fingerprint(one)) == 16


def test_a_purpose_of_its_own_has_a_key_of_its_own() -> None:
    nip = Sealer([OLD], "debtor.nip")
    with pytest.raises(Unreadable):
        nip.open(PESEL.seal("44051401359"))
    assert nip.fingerprint("44051401359") != PESEL.fingerprint("44051401359")


def test_a_new_secret_in_front_seals_from_now_on_and_the_old_one_still_opens() -> None:
    rotated = Sealer([NEW, OLD], "debtor.pesel")
    before = PESEL.seal("44051401359")
    assert rotated.open(before) == "44051401359"
    assert rotated.seal("44051401359") != before
    assert rotated.fingerprint("44051401359") == PESEL.fingerprint("44051401359")
    with pytest.raises(Unreadable):
        PESEL.open(rotated.seal("44051401359"))


def test_a_derived_key_depends_on_secret_purpose_and_length() -> None:
    keys = {derive_key(OLD, "a"), derive_key(OLD, "b"), derive_key(NEW, "a")}
    assert len(keys) == 3
    assert len(derive_key(OLD, "a", 16)) == 16
