"""What the house asks of the outside: one small protocol per way out.

Each call carries an idempotency key: the same key again must not send again. An adapter answers
with the carrier's reference, or raises SendingFailed, which says whether trying again can help.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class SendingFailed(Exception):
    """``code`` is the carrier's reason in our words; ``permanent``: the same will fail again."""

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Receipt:
    """``reference`` is the carrier's own number for what it took over."""

    reference: str


@dataclass(frozen=True, slots=True)
class Sms:
    """``to`` is a number in E.164."""

    to: str
    text: str


@dataclass(frozen=True, slots=True)
class Email:
    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One letter for the printing house: its lines of address and its pages as PDF."""

    address: tuple[str, ...]
    pdf: bytes
    registered: bool


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """A file for a partner, such as an agency; ``name`` has no folder."""

    name: str
    content: bytes


class SmsGateway(Protocol):
    def send(self, item: Sms, /, *, key: str) -> Receipt: ...


class EmailGateway(Protocol):
    def send(self, item: Email, /, *, key: str) -> Receipt: ...


class PrintGateway(Protocol):
    def send(self, item: PrintJob, /, *, key: str) -> Receipt: ...


class FileDrop(Protocol):
    def send(self, item: DroppedFile, /, *, key: str) -> Receipt: ...
