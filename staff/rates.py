"""How often an account or an address may fail before it waits: for ACCOUNT_RATE_LIMITS. Pure.

One account waits however many addresses try it, and one address waits however many accounts it
tries; a whole office may stand behind one address, so that its limit is wide.
"""

from __future__ import annotations

from typing import Final

ATTEMPTS: Final = 5
WAIT_MINUTES: Final = 15
ATTEMPTS_OF_AN_ADDRESS: Final = 100

#: For ACCOUNT_RATE_LIMITS: the attempts of an account come last, see ``keep_attempts_left``.
RATES: Final = {
    "login": "300/m/ip",
    "login_failed": f"{ATTEMPTS_OF_AN_ADDRESS}/{WAIT_MINUTES}m/ip,{ATTEMPTS}/{WAIT_MINUTES}m/key",
    "reauthenticate": "10/5m/user",
}
