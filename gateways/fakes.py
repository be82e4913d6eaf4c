"""Stand-ins that keep what they were given. Nothing leaves the house through them."""

from __future__ import annotations

from typing import Generic, TypeVar

from gateways.ports import DroppedFile, Email, PrintJob, Receipt, SendingFailed, Sms

Item = TypeVar("Item")


class _Recorder(Generic[Item]):
    """``sent`` by key. ``fail_next`` lets the next calls fail, in the order they were named."""

    def __init__(self) -> None:
        self.sent: dict[str, Item] = {}
        self._failures: list[SendingFailed] = []

    def fail_next(self, code: str, *, permanent: bool) -> None:
        self._failures.append(SendingFailed(code, permanent=permanent))

    def send(self, item: Item, /, *, key: str) -> Receipt:
        if key not in self.sent:
            if self._failures:
                raise self._failures.pop(0)
            self.sent[key] = item
        return Receipt(reference=f"fake-{key}")


class FakeSmsGateway(_Recorder[Sms]):
    """Stands in for SmsGateway."""


class FakeEmailGateway(_Recorder[Email]):
    """Stands in for EmailGateway."""


class FakePrintGateway(_Recorder[PrintJob]):
    """Stands in for PrintGateway."""


class FakeFileDrop(_Recorder[DroppedFile]):
    """Stands in for FileDrop."""
