"""Edits of a TOML text that change one value, key or block and leave every other character.

Only for text that ``tomllib`` accepts. What is written is TOML source: ``5``, ``"call"``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from escalation.toml_lines import Path, Place, PlaceKind, find_places

Places = Mapping[Path, Place]

#: What stands above the first header.
_TOP: Final = Place(PlaceKind.TABLE, 1, 0, 0, 0)


def replace_value(text: str, path: Path, source: str) -> str:
    """Another value for a key that is there."""
    place = find_places(text)[path]
    return text[: place.value_at] + source + text[place.ends_at :]


def add_key(text: str, table: Path, key: str, source: str) -> str:
    """A key that is not there yet, as the last one of its table.

    A table that is not there at all is made as an inline table of the one above it.
    """
    places = find_places(text)
    place = places.get(table, _TOP if not table else None)
    if place is not None and place.kind in (PlaceKind.PAIR, PlaceKind.ITEM):
        return _add_inside(text, place, f"{key} = {source}")
    own = _own_pairs(places, table)
    if place is None or not (own or place.kind is PlaceKind.TABLE):
        is_there = any(path[: len(table)] == table for path in places)
        name, value = (
            (f"{table[-1]}.{key}", source)
            if is_there
            else (str(table[-1]), f"{{ {key} = {source} }}")
        )
        return add_key(text, table[:-1], name, value)
    if place is _TOP and not own:
        return f"{key} = {source}\n{text}"
    if place.kind is PlaceKind.TABLE:
        at = _end_of_line(text, own[-1].ends_at if own else place.ends_at)
        indent = _indent(text, own[-1].starts_at) if own else ""
        return _insert_line(text, at, f"{indent}{key} = {source}")
    last = own[-1]
    prefix = text[last.starts_at : last.value_at].rpartition(".")[0]
    at = _end_of_line(text, last.ends_at)
    return _insert_line(text, at, f"{_indent(text, last.starts_at)}{prefix}.{key} = {source}")


def drop_key(text: str, path: Path) -> str:
    """Without the key: its line, or its part of an inline table."""
    places = find_places(text)
    place, above = places[path], places.get(path[:-1])
    if above is not None and above.kind in (PlaceKind.PAIR, PlaceKind.ITEM):
        return _drop_inside(text, above, place)
    start = text.rfind("\n", 0, place.starts_at) + 1
    end = _end_of_line(text, place.ends_at)
    return text[:start] + text[min(end + 1, len(text)) :]


def reorder(text: str, array: Path, order: Sequence[int]) -> str:
    """The blocks of an array of tables in another order.

    A block is a table with the comments that stand directly above it. What stands between the
    blocks, such as a blank line or the heading of a part, stays where it is.
    """
    spans = [_block(text, array, i) for i in range(len(order))]
    blocks = [text[start:end] for start, end in spans]
    parts: list[str] = []
    at = 0
    for (start, end), which in zip(spans, order, strict=True):
        parts += [text[at:start], blocks[which]]
        at = end
    return "".join([*parts, text[at:]])


def _block(text: str, array: Path, index: int) -> tuple[int, int]:
    places = find_places(text)
    path = (*array, index)
    place = places[path]
    if place.kind is PlaceKind.ITEM:
        return place.starts_at, place.ends_at
    inside = [p.ends_at for key, p in places.items() if key[: len(path)] == path]
    start = text.rfind("\n", 0, place.starts_at) + 1
    while start and text[text.rfind("\n", 0, start - 1) + 1 : start].lstrip(" \t").startswith("#"):
        start = text.rfind("\n", 0, start - 1) + 1
    return start, _end_of_line(text, max(inside))


def _own_pairs(places: Places, table: Path) -> list[Place]:
    """The pairs that are written below a header, or with the same dotted beginning."""
    own = [
        place
        for path, place in places.items()
        if place.kind is PlaceKind.PAIR
        and path[: len(table)] == table
        and not _inside_a_value(places, path, table)
    ]
    return sorted(own, key=lambda place: place.starts_at)


def _inside_a_value(places: Places, path: Path, table: Path) -> bool:
    """In an inline table, a list, or a table with a header of its own further down."""
    for length in range(len(table) + 1, len(path)):
        above = places.get(path[:length])
        if above is not None and above.kind is not PlaceKind.PARENT:
            return True
    return False


def _add_inside(text: str, place: Place, pair: str) -> str:
    """Before the closing brace of an inline table."""
    body = text[place.value_at + 1 : place.ends_at - 1]
    inner = f"{body.rstrip()}, {pair} " if body.strip() else f" {pair} "
    return f"{text[: place.value_at]}{{{inner}}}{text[place.ends_at :]}"


def _drop_inside(text: str, table: Place, pair: Place) -> str:
    """With the comma behind it or, for the last one, the comma before it."""
    after = pair.ends_at
    while text[after] in " \t":
        after += 1
    if text[after] == ",":
        after += 1
        while text[after] in " \t":
            after += 1
        return text[: pair.starts_at] + text[after:]
    before = pair.starts_at
    while text[before - 1] in " \t":
        before -= 1
    if text[before - 1] == ",":
        return text[: before - 1] + text[pair.ends_at :]
    return f"{text[: table.value_at]}{{ }}{text[table.ends_at :]}"


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _indent(text: str, at: int) -> str:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _insert_line(text: str, at: int, line: str) -> str:
    """A line of its own after the line that ends at ``at``."""
    if text[at - 1 : at] == "\r":
        return f"{text[: at - 1]}\r\n{line}{text[at - 1 :]}"
    return f"{text[:at]}\n{line}{text[at:]}"
