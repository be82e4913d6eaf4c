"""Which address of the product is a page, and how it is opened so that it shows something."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Final, NamedTuple

from django.urls import reverse

from staff.access import PUBLIC
from staff.rights import ROLE_RIGHTS, Right, Role, Scope
from tests.integration.addresses import parameters_of
from tests.integration.permissions import ACCESS

#: Addresses that take GET and answer something else than a page of their own.
NOT_A_PAGE: Final = {
    "healthz": "words for a machine",
    "readyz": "words for a machine",
    "session": "JSON",
    "api-openapi": "JSON",
    "api-unknown": "JSON",
    "home": "sends on to the first page of a role",
    "account_login": "another name of the page to sign in",
    "mfa_authenticate": "in the middle of signing in: test_signing_in",
    "case-hand": "a part of the page of a case",
    "case-preview": "a part of the work list, or sends on to it",
    "strategy-text": "a file",
    "download-draft": "a file",
    "draft-simulation": "a part of the page of a draft",
    "changed-cases-csv": "a file",
    "intake-errors": "a file",
    "board-table": "a file",
}
#: A page may be opened in more than one way; ``{name}`` is a part of the book.
QUERIES: Final[dict[str, tuple[str, ...]]] = {
    "work-list": ("whose=team", "whose=team&tab=held", "whose=team&tab=pending"),
    "put-aside": ("item={work_item_id}",),
    "assign": ("case={case_id}",),
    "search": ("q={name}",),
    "cases": ("status=open",),
    "calculator": ("{example}",),
    "board-cases": ("currency=PLN",),
    "board-lines": ("kind=paid&since=2026-05-07&currency=PLN",),
    "board-rolled": ("since=2026-05-08&currency=PLN",),
    "negotiate": ("kind=instalments&currency=PLN&count=3&first_due_on=2026-05-20",),
    "case": ("", "result=promised", "caller={caller_id}"),
}
#: Pages on which roles see different things; the others are opened by one who may do most.
ROLES: Final[dict[str, tuple[Role, ...]]] = {
    "work-list": (Role.OFFICER, Role.MANAGER),
    "case": (Role.OFFICER, Role.AUDITOR),
    "correspondence": (Role.OFFICER, Role.COMPLIANCE),
    "referral": (Role.LEGAL,),
    "strategies": (Role.MANAGER, Role.AUDITOR),
    "rates": (Role.ADMINISTRATOR, Role.AUDITOR),
}
_BY_RIGHTS: Final = (Role.MANAGER, Role.LEGAL, Role.COMPLIANCE, Role.ADMINISTRATOR)


#: Pages that have something to show only for the debtor with the many debts.
OF_THE_HEAVY: Final = frozenset({"propose-refund"})


class Visit(NamedTuple):
    """``role`` None: nobody has signed in."""

    name: str
    role: Role | None
    query: str = ""

    def needs(self) -> set[str]:
        """The parts of the book without which there is no such address."""
        named = {name for _, name, _, _ in Formatter().parse(self.query) if name}
        return {*parameters_of(self.name), *named}

    def address(self, parts: Mapping[str, object]) -> str:
        """A part that the book lacks is a KeyError: give it one, so that the page is seen."""
        path = reverse(self.name, kwargs={key: parts[key] for key in parameters_of(self.name)})
        query = self.query.format_map(parts)
        return f"{path}?{query}" if query else path


def list_visits(*, once: bool = False) -> list[Visit]:
    """Every page of the list of addresses, those of one role after each other.

    ``once``: in one way each, the first of those that are named.
    """
    most = 1 if once else None
    visits = [
        Visit(name, role, query)
        for name, access in ACCESS.items()
        if "GET" in access.methods and name not in NOT_A_PAGE
        if not isinstance(access.required, Scope)
        for role in (ROLES.get(name) or (_role_for(access.required),))[:most]
        for query in QUERIES.get(name, ("",))[:most]
    ]
    return sorted(visits, key=lambda visit: str(visit.role))


def _role_for(required: object) -> Role | None:
    if isinstance(required, Right):
        return next(role for role in _BY_RIGHTS if required in ROLE_RIGHTS[role])
    return None if required == PUBLIC else Role.MANAGER
