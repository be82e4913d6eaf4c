"""What the endpoints read, as plain values: no model object is made on the way."""

from api.queries.case import get_case
from api.queries.cases import CasePage, Place, list_cases
from api.queries.ledger import get_ledger
from api.queries.timeline import get_timeline

__all__ = ["CasePage", "Place", "get_case", "get_ledger", "get_timeline", "list_cases"]
