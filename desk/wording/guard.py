"""What the contact rules say, as `contacts` words it."""

from __future__ import annotations

from contacts.wording.guard import rule_text, short_until_text, until_text

__all__ = ["rule_text", "short_until_text", "until_text"]
