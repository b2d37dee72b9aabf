"""Roles and what each may do: one table, and whoever acts with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from model.framework import fold
from model.refusals import AccessRefused, InputRefused
from model.sentences import Label, sentence
from service.language import Language, mark


class Role(StrEnum):
    """What a person is in the office."""

    OPERATOR = "operator"
    VERIFIER = "verifier"
    MANAGER = "manager"
    HR = "hr"
    ANALYST = "analyst"
    MENTOR = "mentor"
    HEAD = "head"
    ADMIN = "admin"


class Permission(StrEnum):
    """What an address of the service needs; an address without one is closed to everybody."""

    ANYONE = "anyone"  # also who is not logged in: log-in, health, style sheets
    SIGNED_IN = "signed_in"  # every role: own password, log-out, help
    SEE_PROGRAMME = "see_programme"  # index, effects, model: figures about many, naming nobody
    SEE_MENTORS = "see_mentors"  # scores, reasons, expected growth of each mentor in reach
    SEE_BUSINESSES = "see_businesses"  # businesses and engagements in reach
    SEE_PERSONAL = "see_personal"  # names of owners, phones, NIK; never an address of its own
    IMPORT = "import"  # take tables in, undo an import
    TRAIN = "train"
    MANAGE_MODELS = "manage_models"  # which version is in use
    ANALYSE = "analyse"  # what-if, contributions, model internals
    SEE_PLANS = "see_plans"  # training plans and matchings
    MAKE_PLANS = "make_plans"
    DECIDE = "decide"  # accept, change or refuse a choice
    APPROVE = "approve"
    SEE_REPORTS = "see_reports"
    PUBLISH_REPORTS = "publish_reports"
    SEE_OWN = "see_own"  # the page Mine, objections: only who is tied to a mentor
    ANSWER = "answer"  # objections of mentors
    HANDLE_REQUESTS = "handle_requests"  # copies and erasure of personal data
    ADMINISTER = "administer"  # users, tokens, audit log, backup


_P = Permission
_LOOK = frozenset({_P.SEE_PROGRAMME, _P.SEE_MENTORS, _P.SEE_BUSINESSES})
_ADVISE = frozenset({_P.SEE_PLANS, _P.MAKE_PLANS, _P.DECIDE})

_TABLE: Mapping[Role, frozenset[Permission]] = {
    Role.OPERATOR: _LOOK | {_P.SEE_PERSONAL, _P.IMPORT},
    Role.VERIFIER: _LOOK | {_P.SEE_PERSONAL, _P.IMPORT, _P.ANSWER},
    Role.MANAGER: _LOOK
    | _ADVISE
    | {_P.SEE_PERSONAL, _P.IMPORT, _P.TRAIN, _P.MANAGE_MODELS, _P.ANALYSE, _P.APPROVE}
    | {_P.SEE_REPORTS, _P.PUBLISH_REPORTS, _P.ANSWER, _P.HANDLE_REQUESTS},
    Role.HR: frozenset({_P.SEE_PROGRAMME, _P.SEE_MENTORS, _P.SEE_REPORTS}) | _ADVISE,
    Role.ANALYST: _LOOK | {_P.TRAIN, _P.MANAGE_MODELS, _P.ANALYSE, _P.SEE_PLANS, _P.SEE_REPORTS},
    Role.MENTOR: frozenset({_P.SEE_MENTORS, _P.SEE_BUSINESSES, _P.SEE_PERSONAL, _P.SEE_OWN}),
    Role.HEAD: _LOOK | {_P.SEE_PLANS, _P.DECIDE, _P.APPROVE, _P.SEE_REPORTS, _P.PUBLISH_REPORTS},
    Role.ADMIN: _LOOK | {_P.IMPORT, _P.TRAIN, _P.MANAGE_MODELS, _P.SEE_PLANS, _P.SEE_REPORTS, _P.ADMINISTER},
}
"""Role → permissions. Whoever administers neither plans nor decides, and does not see owners' phones and NIK: a person
who does both has two users."""

WHOLE = frozenset(
    {
        _P.IMPORT,
        _P.TRAIN,
        _P.MANAGE_MODELS,
        _P.MAKE_PLANS,
        _P.APPROVE,
        _P.PUBLISH_REPORTS,
        _P.HANDLE_REQUESTS,
        _P.ADMINISTER,
    }
)
"""What touches the whole programme: closed to whoever is limited to districts, whatever the role."""

ROLE_WORDS: Mapping[Role, str] = {
    Role.OPERATOR: mark("Data operator"),
    Role.VERIFIER: mark("Verifier"),
    Role.MANAGER: mark("Programme manager"),
    Role.HR: mark("Human resources"),
    Role.ANALYST: mark("Analyst"),
    Role.MENTOR: mark("Mentor"),
    Role.HEAD: mark("Head of office"),
    Role.ADMIN: mark("Administrator"),
}
"""What a reader calls each role."""


MAY_RAISE = (Permission.SEE_OWN, Permission.ANSWER, Permission.DECIDE)
"""Whoever records an objection has one of these: a mentor about the own record, the office what a mentor brought in."""


def permissions_of(role: Role) -> frozenset[Permission]:
    """What a role may do, with what everybody may."""
    return _TABLE[role] | {Permission.ANYONE, Permission.SIGNED_IN}


def able(*needed: Permission) -> list[Role]:
    """The roles that have one of these permissions."""
    return [role for role in Role if permissions_of(role) & set(needed)]


def role_for(given: str, *needed: Permission) -> str:
    """The role under which something is recorded, from its code or its name in either language.

    ``needed``: one of these permissions must be among those of the role.

    Raises:
        InputRefused: there is no such role.
        AccessRefused: it may not do what is to be recorded.
    """
    may = able(*needed)
    found = next((role for role in Role if fold(given) in {fold(name) for name in (role, *_words(role))}), None)
    told = {"where": sentence("the option %(option)s", option="--role")}
    told["mend"] = sentence("Give a role that may do this: %(roles)s.", roles=_listed(may))
    if found is None:
        raise InputRefused(sentence("There is no role %(role)s.", role=given[:80]), **told)
    if found not in may:
        raise AccessRefused(sentence("The role %(role)s may not do this.", role=_listed([found])), **told)
    return str(found)


def _words(role: Role) -> tuple[str, str]:
    return Language("id").text(ROLE_WORDS[role]), ROLE_WORDS[role]


def _listed(roles: Sequence[Role]) -> Label:
    """Codes with their names, in both languages."""
    told = ([f"{role} ({_words(role)[at]})" for role in roles] for at in range(2))
    return Label(*map(", ".join, told))


@dataclass(frozen=True)
class Actor:
    """Who asks: a user or a token.

    ``key`` is ``user:3`` or ``token:2``, as the audit log writes it. ``districts``: None for the whole programme.
    A mentor sees the record ``mentor_id`` alone; a mentor tied to none sees no record. ``must_change``: nothing but a
    new password is open.
    """

    key: str
    name: str
    role: Role
    districts: frozenset[str] | None = None
    mentor_id: str | None = None
    must_change: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether the role has this permission, and the reach does not close it."""
        return permission in permissions_of(self.role) and not (self.limited and permission in WHOLE)

    @property
    def limited(self) -> bool:
        """Whether only a part of the mentors and businesses is open."""
        return self.districts is not None or self.role is Role.MENTOR
