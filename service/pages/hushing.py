"""Takes out of a text what it says of people whom the reader may not see."""

import re
from typing import Any

from service.guard import programme, reach

_NAMED = re.compile(r"\(([^()]+)\)")


def hushed(answer: Any) -> Any:
    """A rendered answer; a text that names an id out of the reader's reach says only that it is elsewhere.

    Ids alone in a list fall out of it.
    """
    own = reach()
    if own.mentors is None and own.businesses is None:
        return answer
    seen = programme().snapshot()
    foreign = set(seen["mentors"]["mentor_id"]) - (own.mentors or frozenset())
    foreign |= set(seen["businesses"]["business_id"]) - (own.businesses or frozenset())
    return _without(answer, foreign, own.elsewhere)


def _without(value: Any, foreign: set[str], elsewhere: str) -> Any:
    if isinstance(value, dict):
        return {name: _without(item, foreign, elsewhere) for name, item in value.items()}
    if isinstance(value, list):
        return [_without(item, foreign, elsewhere) for item in value if not (isinstance(item, str) and item in foreign)]
    if isinstance(value, str) and (value in foreign or foreign & set(_NAMED.findall(value))):
        return elsewhere
    return value
