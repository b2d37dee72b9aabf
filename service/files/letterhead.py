"""What the office puts on its letters: plans and reports on paper carry it."""

from dataclasses import dataclass

from model.framework import Office


@dataclass(frozen=True)
class Letter:
    """A letterhead and who signs; an empty field is left as a line to fill in by hand.

    ``number``: number of the letter; ``place``: where it is signed; ``title``, ``name``, ``staff_id``: who signs.
    """

    office: str = ""
    address: str = ""
    number: str = ""
    place: str = ""
    title: str = ""
    name: str = ""
    staff_id: str = ""


def letter_of(office: Office, number: str = "") -> Letter:
    """The letterhead of the office, as its framework file gives it (data/framework.toml, table ``office``)."""
    return Letter(
        office=office.name,
        address=office.address,
        number=number,
        place=office.place,
        title=office.signatory_title,
        name=office.signatory_name,
        staff_id=office.signatory_id,
    )
