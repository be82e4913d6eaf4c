"""What waits for a person's decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.approvals import each_approval
from kernel.actor import system_actor
from kernel.money import Money
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = "List the open approvals, oldest first; with --by only those this person may see."

    def act(self, **options: Any) -> Mapping[str, Any]:
        actor = self.actor(**options) if options["by"] else system_actor("list_approvals")
        return {
            "approvals": [
                {**row._asdict(), "id": f"{row.kind}:{row.id}"}
                for row in each_approval(actor=actor)
            ]
        }

    def show(self, answer: Mapping[str, Any]) -> None:
        for row in answer["approvals"]:
            amount = Money(row["amount_minor"], row["currency"])
            self.stdout.write(f"{row['id']}  {row['case_number']}  {row['debtor_name']}  {amount}")
        self.stdout.write(f"{len(answer['approvals'])} waiting")
