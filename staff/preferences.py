"""How pages look and answer for one person; it follows them to any machine. Pure."""

from __future__ import annotations

from enum import StrEnum


class Theme(StrEnum):
    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Density(StrEnum):
    COMFORTABLE = "comfortable"
    COMPACT = "compact"
