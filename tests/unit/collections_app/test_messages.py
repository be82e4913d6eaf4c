from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from collections_app.messages import (
    Message,
    gather_messages,
    list_untranslated,
    mo_bytes,
    po_path,
    read_catalog,
    template_messages,
)


@pytest.mark.parametrize(
    ("source", "text", "context"),
    [
        ('{% translate "Sign in" %}', "Sign in", None),
        ('{% translate "Auto" context "theme" %}', "Auto", "theme"),
        ("{% translate '100 % paid' as title %}", "100 %% paid", None),
        (
            "{% blocktranslate with n=row.n|count %}{{ n }} of 5 %{% endblocktranslate %}",
            "%(n)s of 5 %%",
            None,
        ),
        (
            "{% blocktranslate trimmed %}\n  two\n  lines\n{% endblocktranslate %}",
            "two lines",
            None,
        ),
        (
            "{% blocktranslate count n=1 %}{{ n }} day{% plural %}{{ n }} days{% endblocktrans %}",
            ("%(n)s day", "%(n)s days"),
            None,
        ),
        ('{% include "x.html" with word=_("usable") %}', "usable", None),
    ],
)
def test_every_way_to_mark_a_text_in_a_template_is_found(
    source: str, text: str | tuple[str, str], context: str | None
) -> None:
    assert [(m.text, m.context) for m in template_messages(source)] == [(text, context)]


def test_text_that_is_not_marked_is_left_alone() -> None:
    assert list[Message](template_messages("<p>plain {{ value }} {% if x %}y{% endif %}</p>")) == []


def test_code_and_templates_are_gathered() -> None:
    catalog = gather_messages(Path(settings.BASE_DIR))

    assert "Collection officer" in catalog
    assert "Skip to content" in catalog


def test_everything_is_said_in_polish_and_compiled() -> None:
    path = po_path(Path(settings.BASE_DIR), "pl")
    kept = read_catalog(path, "pl")

    assert list_untranslated(kept) == []
    assert path.with_suffix(".mo").read_bytes() == mo_bytes(kept)


def test_polish_uses_every_value_that_english_names() -> None:
    for message in read_catalog(po_path(Path(settings.BASE_DIR), "pl"), "pl"):
        if message.id and message.python_format:
            for error in message.check():
                pytest.fail(f"{message.id}: {error}")
