"""Hashed names of static files; the imports of our own modules name the hashed files too."""

from __future__ import annotations

from typing import ClassVar

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Only ``js/``: what libraries ship may hold the word ``import`` in a text."""

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns: ClassVar = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )
