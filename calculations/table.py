"""The one table of topics: what the shell, REST and the desk dispatch by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from calculations import allocation, anatocism, court, interest, limitation, status, terms
from calculations.fields import BadInputs, read_inputs
from calculations.topic import Answer, Setting, Topic, warning
from calculations.values import printable
from kernel.errors import NotFound

_ALL: Final = (
    *interest.TOPICS,
    *anatocism.TOPICS,
    *allocation.TOPICS,
    *court.TOPICS,
    *limitation.TOPICS,
    *status.TOPICS,
    *terms.TOPICS,
)
#: Every topic by its name, in the order in which they are shown.
TOPICS: Final[Mapping[str, Topic]] = {topic.name: topic for topic in _ALL}
_BY_NAME: Final[Mapping[str, Topic]] = {
    name: topic for topic in _ALL for name in (topic.name, *topic.aliases)
}
_BETWEEN_WORDS: Final = re.compile(r"[\s-]+")


class UnknownTopic(NotFound):
    """``topic`` is none of the table."""

    code = "unknown_topic"


def find_topic(name: str) -> Topic:
    """In small or capital letters, with hyphens or underscores. Raises UnknownTopic."""
    topic = _BY_NAME.get(_BETWEEN_WORDS.sub("_", name.strip().lower()))
    if topic is None:
        raise UnknownTopic(topic=printable(name))
    return topic


def calculate(topic: str, inputs: Any, setting: Setting) -> Answer:
    """The answer to a topic: JSON values with at least the keys that the topic names.

    A key that nobody asked for changes nothing and is named in a warning. Raises UnknownTopic,
    BadInputs, and the refusals of the rules themselves.
    """
    found = find_topic(topic)
    if not isinstance(inputs, Mapping):
        raise BadInputs([("inputs", "not_an_object")])
    values, unknown = read_inputs(inputs, found.fields)
    answer = found.compute(values, setting)
    if unknown:
        answer["warnings"] = [*answer.get("warnings", []), warning("unknown_keys", keys=unknown)]
    return answer
