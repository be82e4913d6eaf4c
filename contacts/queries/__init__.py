"""Everything that reads about contacts. One file per subject."""

from contacts.queries.dispatch import QueuedMessage, list_dispatch
from contacts.queries.guarding import get_person_facts, get_verdict
from contacts.queries.promising import get_promise_limits
from contacts.queries.showing import (
    MessageNotFound,
    get_contact_draft,
    get_message,
    get_message_preview,
    list_attempts,
    list_messages,
    list_promises,
    list_restructuring_requests,
    list_terminations,
)

__all__ = [
    "MessageNotFound",
    "QueuedMessage",
    "get_contact_draft",
    "get_message",
    "get_message_preview",
    "get_person_facts",
    "get_promise_limits",
    "get_verdict",
    "list_attempts",
    "list_dispatch",
    "list_messages",
    "list_promises",
    "list_restructuring_requests",
    "list_terminations",
]
