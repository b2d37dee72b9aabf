"""What the rows of the audit log say in words; the code beside them is what is stored."""

from collections.abc import Mapping
from typing import Any

from service.language import Language, mark

DEEDS: Mapping[str, str] = {
    "backup": mark("A backup was made."),
    "desk.accept": mark("Advice %(about)s of the intake desk was accepted."),
    "desk.change": mark("Another mentor was taken than advice %(about)s of the intake desk names."),
    "desk.refuse": mark("Advice %(about)s of the intake desk was refused."),
    "desk.withdraw": mark("Decision %(about)s of the intake desk was withdrawn."),
    "import": mark("Tables were imported as data version %(about)s."),
    "import-undo": mark("Data version %(about)s was taken back."),
    "log.begin": mark("The log begins; %(about)s was there before it."),
    "login": mark("%(about)s logged in."),
    "login.failed": mark("A log-in failed: %(about)s."),
    "logout": mark("%(about)s logged out."),
    "match.approved": mark("Matching %(about)s was approved."),
    "match.declined": mark("A pair of matching %(about)s was declined."),
    "match.make": mark("Matching %(about)s was made."),
    "match.published": mark("Matching %(about)s was published."),
    "model.add": mark("Model %(about)s was learned."),
    "model.use": mark("Model %(about)s came into use."),
    "objection.answer": mark("Objection %(about)s was answered."),
    "objection.raise": mark("Objection %(about)s was raised."),
    "person.copy": mark("A copy of what is held was given: %(about)s."),
    "person.erase": mark("Personal data were erased: %(about)s."),
    "plan.approve": mark("Training plan %(about)s was approved."),
    "plan.decide": mark("A choice of a training plan was decided on: %(about)s."),
    "plan.make": mark("Training plan %(about)s was made."),
    "report.publish": mark("Report %(about)s was published."),
    "restore": mark("A backup was brought back."),
    "token.add": mark("API token %(about)s was made."),
    "token.revoke": mark("API token %(about)s was revoked."),
    "user.add": mark("The account %(about)s was made."),
    "user.change": mark("Role or reach of the account %(about)s was changed."),
    "user.disable": mark("The account %(about)s was shut out."),
    "user.enable": mark("The account %(about)s was let in again."),
    "user.password": mark("%(about)s chose a new password."),
    "user.reset": mark("The account %(about)s got a one-time password."),
}
"""Every action that is recorded, as a sentence."""


def deed(row: Mapping[str, Any], lang: Language) -> str:
    """A row in words; its code where there are none for it."""
    said = DEEDS.get(row["action"])
    about = row["about"] or row["subject"].partition(":")[2] or lang.text("a name nobody has")
    return lang.text(said, about=about) if said else str(row["action"])


def kind(action: str, lang: Language) -> str:
    """An action in words, whatever it was about."""
    said = DEEDS.get(action)
    return lang.text(said, about="…") if said else action
