"""What part of the programme an actor may see: mentors and businesses of the own districts, or the own record.

Answers are made for the whole programme and cut to size where a face shows them: rows about others fall out of lists,
a single record about another (a runner-up) keeps its place and loses its content, a text that names another says that
it is elsewhere, and personal columns are emptied for roles that do not need them.

A mentor sees the own record; of respondents, whom a mentor knows by name, sums only, of all days together; and the
businesses accompanied now, with all their reports: growth is counted from before the engagement. The purpose for which
a mentor may see a business ends with the engagement (UU 27/2022 on personal data, articles 27 and 28: bound to the
purpose), so past engagements are counted and not listed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from model.refusals import NotFound
from model.sentences import Sentence, sentence
from service.hushing import Hush, Names
from service.language import Language
from service.people.roles import Actor, Permission, Role
from service.rendering import render

if TYPE_CHECKING:
    from service.usecases import Programme

PERSONAL = frozenset({"phone", "nik", "owner"})
"""Names of columns that only roles with SEE_PERSONAL are shown, wherever they stand in an answer."""
OWNERS = frozenset({"business_name"})
"""The same for businesses' names: these are mostly their owners' own."""
_IDS = frozenset({"displaces", "goes_to", "before", "after", "equals"})
"""Names under which an id stands alone, or in a list of ids."""
_INDEX = ("respondents", "band", "verdict", "caveat")
"""What whoever may not see single answers is told of the index about the own work: Kr and Ks give the number of no, and
of five rows more than four in five alike are all of them."""
WITHHELD = sentence("Its figures are for those who decide: beside the sums of answers they would tell single ones.")
ELSEWHERE = sentence("Outside your districts.")
ANOTHER = sentence("This is about another person and is shown to those who decide.")


@dataclass(frozen=True)
class Reach:
    """Ids that are open; None: all of them. ``personal``: whether personal columns are open.

    ``respondents``: whether single respondents' answers are open; if not, sums of them are.

    ``share``: then stands in place of the exact share of yes about the mentor who asks; ``withheld``: of reasons.

    ``elsewhere``: what stands in place of a text about somebody out of reach. ``names``: gives the names that texts
    may hold.
    """

    mentors: frozenset[str] | None
    businesses: frozenset[str] | None
    personal: bool
    elsewhere: str
    names: Callable[[], Names]
    engagements: frozenset[str] | None = None
    respondents: bool = True
    share: Callable[[], Mapping[str, Any]] = dict
    withheld: str = ""

    @property
    def ids(self) -> dict[str, frozenset[str] | None]:
        """Column of a stored table → the ids in it that are open."""
        return {"mentor_id": self.mentors, "business_id": self.businesses, "engagement_id": self.engagements}

    def sees(self, row: Mapping[str, Any], *also: str) -> bool:
        """Whether a row is about somebody in reach; ``also``: further names under which a mentor's id stands."""
        named = [*self.ids.items(), *((name, self.mentors) for name in also)]
        return all(open_ is None or row.get(name) is None or row[name] in open_ for name, open_ in named)

    def cut(self, answer: Any, *also: str) -> Any:
        """A rendered answer cut to what is in reach."""
        if self.mentors is None and self.businesses is None and self.personal:
            return answer
        return self._cut(answer, also)

    @cached_property
    def _hush(self) -> Hush:
        return Hush(self.names(), self.mentors, self.businesses, self.personal, self.elsewhere)

    def _cut(self, value: Any, also: tuple[str, ...], under: str = "") -> Any:
        if isinstance(value, Mapping):
            value = value if self.respondents or "delivery_rate" not in value else self._summed(value)
            return {name: None if self._hides(name) else self._inner(item, also, name) for name, item in value.items()}
        if isinstance(value, list):
            return [self._cut(item, also, under) for item in value if self._open(item, also, under)]
        return self._said(value, under) if isinstance(value, str) else value

    def _summed(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A mentor's own standing without what would tell single answers beside their sums."""
        share, index = self.share(), row.get("index") or {}
        told = {name: share.get(name) for name in ("delivery_rate", "delivery_low", "delivery_high")}
        kept = {name: index.get(name) if name in _INDEX else None for name in index}
        return {**row, **told, "index": {**kept, "warnings": share["warnings"], "reason": self.withheld}}

    def _open(self, item: Any, also: tuple[str, ...], under: str) -> bool:
        """Whether an entry of a list stays in it."""
        if isinstance(item, Mapping):
            return self.sees(item, *also)
        return under not in _IDS or not self._hush.foreign(item)

    def _inner(self, item: Any, also: tuple[str, ...], under: str) -> Any:
        if isinstance(item, Mapping) and not self.sees(item, *also):
            return {name: self.elsewhere if name == "note" else None for name in item}
        return self._cut(item, also, under)

    def _said(self, text: str, under: str) -> str:
        """A text without those out of reach; what is a name or an id of its own row is left as it is."""
        if under in _IDS:
            return self.elsewhere if self._hush.foreign(text) else text
        return text if under == "name" or under.endswith(("_name", "_id")) else self._hush.text(text)

    def _hides(self, name: str) -> bool:
        return not self.personal and (name in PERSONAL or name in OWNERS)


def reach_of(actor: Actor, programme: "Programme", lang: Language) -> Reach:
    """What an actor may see, from the districts of the stored mentors and businesses."""
    personal, elsewhere = actor.may(Permission.SEE_PERSONAL), lang.say(ELSEWHERE)
    if not actor.limited:
        return Reach(None, None, personal, elsewhere, programme.names)
    seen = programme.snapshot()
    if actor.role is Role.MENTOR:
        own = frozenset({actor.mentor_id} if actor.mentor_id else ())
        now = seen.active[seen.active["mentor_id"].isin(own)]
        businesses, engagements = frozenset(now["business_id"]), frozenset(now["engagement_id"])
        another = lang.say(ANOTHER)
        share, said = partial(_share, programme, actor.mentor_id or "", lang), lang.say(WITHHELD)
        names = programme.names
        return Reach(own, businesses, personal, another, names, engagements, False, share, said)  # noqa: FBT003
    mentors, businesses = (
        frozenset(seen[table][key][seen[table]["district"].isin(actor.districts or ())])
        for table, key in (("mentors", "mentor_id"), ("businesses", "business_id"))
    )
    return Reach(mentors, businesses, personal, elsewhere, programme.names)


def _share(programme: "Programme", mentor: str, lang: Language) -> Mapping[str, Any]:
    told: dict[str, Any] = render(programme.answers_told(mentor), lang)
    return told


def check_ids(reach: Reach, asked: Mapping[str, Any], programme: "Programme") -> None:
    """Refuse an id in an address that is out of reach, in the words for one that is not there.

    Raises:
        NotFound: the mentor, business or engagement is another's.
    """
    ids = {name: str(asked[name]) for name in ("mentor_id", "business_id", "engagement_id") if name in asked}
    if "engagement_id" in ids and reach.mentors is not None:
        engaged = programme.snapshot()["engagements"]
        found = engaged["mentor_id"][engaged["engagement_id"] == ids["engagement_id"]]
        if len(found) and found.iloc[0] not in reach.mentors:
            raise NotFound(sentence("engagement"), ids["engagement_id"])
    for name, kind, open_ in _kinds(reach):
        if name in ids and open_ is not None and ids[name] not in open_:
            raise NotFound(kind, ids[name])


def _kinds(reach: Reach) -> list[tuple[str, Sentence, frozenset[str] | None]]:
    return [
        ("mentor_id", sentence("mentor"), reach.mentors),
        ("business_id", sentence("business"), reach.businesses),
        ("engagement_id", sentence("engagement"), reach.engagements),
    ]
