"""The words of the desk: reasons of work, lines of the timeline, and why something was refused."""

from desk.wording.errors import error_text
from desk.wording.events import event_entry
from desk.wording.reasons import last_contact_text, work_reason

__all__ = ["error_text", "event_entry", "last_contact_text", "work_reason"]
