"""The fakes keep the promise of the protocols: a key sends once, failures say if they last."""

from __future__ import annotations

import pytest

from gateways.fakes import FakeEmailGateway, FakeFileDrop, FakePrintGateway, FakeSmsGateway
from gateways.ports import (
    DroppedFile,
    Email,
    EmailGateway,
    FileDrop,
    PrintGateway,
    PrintJob,
    SendingFailed,
    Sms,
    SmsGateway,
)


def test_the_same_key_sends_once() -> None:
    fake = FakeSmsGateway()
    gateway: SmsGateway = fake
    first = gateway.send(Sms("+48500000001", "a"), key="message:1")
    second = gateway.send(Sms("+48500000001", "b"), key="message:1")
    assert first == second
    assert fake.sent == {"message:1": Sms("+48500000001", "a")}


@pytest.mark.parametrize("permanent", [True, False])
def test_a_failure_says_whether_it_lasts_and_keeps_nothing(permanent: bool) -> None:
    fake = FakeEmailGateway()
    gateway: EmailGateway = fake
    fake.fail_next("mailbox_unknown", permanent=permanent)
    email = Email("a@example.org", "s", "t")
    with pytest.raises(SendingFailed) as failed:
        gateway.send(email, key="1")
    assert (failed.value.code, failed.value.permanent) == ("mailbox_unknown", permanent)
    assert fake.sent == {}
    gateway.send(email, key="1")
    assert fake.sent == {"1": email}


def test_letters_and_files_are_kept_as_given() -> None:
    printer, drop = FakePrintGateway(), FakeFileDrop()
    as_printer: PrintGateway = printer
    as_drop: FileDrop = drop
    as_printer.send(PrintJob(("Jan", "Prosta 1"), b"%PDF", registered=True), key="1")
    as_drop.send(DroppedFile("batch.csv", b"a,b"), key="1")
    assert printer.sent["1"].registered
    assert drop.sent["1"].name == "batch.csv"
