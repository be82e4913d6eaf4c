"""Names of roles for people."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from staff.rights import Role

_ROLES: Final[dict[Role, Promise]] = {
    Role.OFFICER: _("Collection officer"),
    Role.TEAM_LEADER: _("Team leader"),
    Role.MANAGER: _("Manager"),
    Role.LEGAL: _("Legal officer"),
    Role.COMPLIANCE: _("Compliance officer"),
    Role.AUDITOR: _("Auditor"),
    Role.ADMINISTRATOR: _("Administrator"),
}


def role_name(role: Role) -> Promise:
    return _ROLES[role]
