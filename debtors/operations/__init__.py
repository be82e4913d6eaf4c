"""Everything that writes about debtors, debts and intake runs. One file per subject."""

from debtors.operations.correcting import (
    FieldNotCorrectable,
    PersonRequired,
    ValueRefused,
    correct_debtor_field,
    release_debtor_field,
)
from debtors.operations.importing import IntakeOptions, import_portfolio
from debtors.operations.locking import DebtNotFound, DebtorNotFound
from debtors.operations.measures import NewMeasure, grant_measures, take_back_measures
from debtors.operations.problems import waive_data_problem
from debtors.operations.reaching import (
    ContactPointNotFound,
    add_contact_point,
    disable_contact_point,
    restore_contact_point,
    set_address,
)
from debtors.operations.reckoning import reckon_standings, review_standings
from debtors.operations.revealing import (
    IdentityConfirmed,
    NoSuchIdentifier,
    NotOnTheDebts,
    confirm_identity,
    reveal_identifier,
)
from debtors.operations.terminating import AlreadyTerminated, terminate_debt
from debtors.operations.unreachable import mark_addresses_unusable, mark_contact_points_unusable
from debtors.operations.uploading import queue_import, run_queued_imports

__all__ = [
    "AlreadyTerminated",
    "ContactPointNotFound",
    "DebtNotFound",
    "DebtorNotFound",
    "FieldNotCorrectable",
    "IdentityConfirmed",
    "IntakeOptions",
    "NewMeasure",
    "NoSuchIdentifier",
    "NotOnTheDebts",
    "PersonRequired",
    "ValueRefused",
    "add_contact_point",
    "confirm_identity",
    "correct_debtor_field",
    "disable_contact_point",
    "grant_measures",
    "import_portfolio",
    "mark_addresses_unusable",
    "mark_contact_points_unusable",
    "queue_import",
    "reckon_standings",
    "release_debtor_field",
    "restore_contact_point",
    "reveal_identifier",
    "review_standings",
    "run_queued_imports",
    "set_address",
    "take_back_measures",
    "terminate_debt",
    "waive_data_problem",
]
