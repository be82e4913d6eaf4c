from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from ledger.virtual_accounts import IMPOSSIBLE, is_possible_beginning


class LedgerConfig(AppConfig):
    name = "ledger"

    def ready(self) -> None:
        """Nothing starts that would name numbers of others: money sent there is lost."""
        beginning = settings.REPAYMENT_ACCOUNTS
        if beginning and not is_possible_beginning(beginning):
            raise ImproperlyConfigured(IMPOSSIBLE)
