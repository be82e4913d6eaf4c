from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from ledger.virtual_accounts import IMPOSSIBLE, are_possible_beginnings


class LedgerConfig(AppConfig):
    name = "ledger"

    def ready(self) -> None:
        """Nothing starts that would name numbers of others: money sent there is lost."""
        if not are_possible_beginnings(settings.REPAYMENT_ACCOUNTS):
            raise ImproperlyConfigured(IMPOSSIBLE)
