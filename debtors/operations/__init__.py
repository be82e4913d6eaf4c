"""Everything that writes about debtors, debts and intake runs. One file per subject."""

from debtors.operations.importing import IntakeOptions, import_portfolio

__all__ = ["IntakeOptions", "import_portfolio"]
