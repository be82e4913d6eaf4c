"""Cut the web font from its package down to what Polish and English need.

``make setup`` and the build of the image write it to ``static/fonts``, which git does not keep;
without it the system's font steps in.
"""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path
from typing import Final

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

#: The same ranges stand in ``static/css/tokens.css``.
RANGES: Final = {
    "latin": "U+0000-00FF,U+0131,U+0152-0153,U+0192,U+2010-203A,U+2190,U+2192,U+20AC,U+2212",
    "latin-ext": "U+0100-0130,U+0132-0151,U+0154-017F,U+0218-021B",
}
_AXES: Final = {"wdth": 100, "wght": (400, 600)}
_FEATURES: Final = ["kern", "liga", "lnum", "tnum", "mark", "mkmk", "ccmp", "locl"]
_TARGET: Final = Path(__file__).resolve().parents[1] / "static" / "fonts"


def _source() -> Path:
    package = importlib.util.find_spec("fontpkg_ibm_plex_sans")
    if package is None or package.origin is None:
        raise SystemExit("The package fontpkg-ibm-plex-sans is not installed: run 'make setup'.")
    return Path(package.origin).parent / "files" / "IBMPlexSans[wdth,wght].ttf"


def build() -> None:
    """Write one WOFF2 file per range: upright, normal width, weights 400 to 600."""
    _TARGET.mkdir(parents=True, exist_ok=True)
    for name, unicodes in RANGES.items():
        options = subset.Options(layout_features=_FEATURES, name_IDs=[1, 2, 13], hinting=False)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=subset.parse_unicodes(unicodes))
        font = TTFont(_source())
        subsetter.subset(font)
        cut = io.BytesIO()
        font.save(cut)
        narrowed = instancer.instantiateVariableFont(TTFont(cut), _AXES)
        narrowed.flavor = "woff2"
        narrowed.save(_TARGET / f"plex-sans-{name}.woff2")


if __name__ == "__main__":
    build()
