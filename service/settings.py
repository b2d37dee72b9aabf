"""Where one installation keeps its state and which language it speaks: options first, then SULUH_… variables."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from model.refusals import InputRefused
from model.sentences import sentence
from service.language import ZONES, Language

CITIES = {"asia/jakarta": "WIB", "asia/pontianak": "WIB", "asia/makassar": "WITA", "asia/jayapura": "WIT"}
"""Other names of the time zones."""


def _zone(given: Any) -> Any:
    return CITIES.get(given.lower(), given.upper()) if isinstance(given, str) else given


class Settings(BaseSettings):
    """One installation: its home folder, database and language.

    ``home``: folder of all state (SULUH_HOME). ``database_url``: SQLAlchemy URL (SULUH_DATABASE_URL), empty for SQLite
    in the home folder. ``lang``: language of answers (SULUH_LANG). ``debug``: show tracebacks (SULUH_DEBUG).
    ``password_rule``: asvs (15 letters) or bssn (Peraturan BSSN 4/2021 asks that length, kinds and validity be set and
    names no figures; ours are 12 letters of four kinds for 90 days). ``idle_minutes``, ``session_hours``: how long a
    log-in lasts unused, and at all.
    ``time_zone``: WIB, WITA or WIT (or its city, as Asia/Makassar): times are shown in it, and it makes "today".
    ``https``: browsers reach the service by https (through a proxy), so that cookies go no other way.
    """

    model_config = SettingsConfigDict(env_prefix="SULUH_", frozen=True, env_ignore_empty=True)

    home: Path = Path("instance")
    database_url: str = ""
    lang: Literal["id", "en"] = "id"
    debug: bool = False
    password_rule: Literal["asvs", "bssn"] = "asvs"  # noqa: S105 - the name of a rule
    idle_minutes: int = Field(30, ge=1, le=1440)
    session_hours: int = Field(10, ge=1, le=168)
    time_zone: Annotated[Literal["WIB", "WITA", "WIT"], BeforeValidator(_zone)] = "WIB"
    https: bool = False

    def language(self, code: str | None = None) -> Language:
        """A language (default: the installation's) that tells times in the office's zone."""
        return Language(code or self.lang, self.time_zone)

    def today(self) -> date:
        """The day it is where the office is."""
        return self.day_of(datetime.now(UTC))

    def day_of(self, moment: datetime) -> date:
        """The day a moment falls on where the office is."""
        return moment.astimezone(ZONES[self.time_zone]).date()

    @property
    def database(self) -> Path | None:
        """File of the database; None where the database is a server's."""
        if not self.database_url:
            return self.home / "suluh.db"
        prefix = "sqlite:///"
        return Path(self.database_url[len(prefix) :]) if self.database_url.startswith(prefix) else None

    @property
    def url(self) -> str:
        """SQLAlchemy URL of the database."""
        return self.database_url or f"sqlite:///{(self.home / 'suluh.db').absolute().as_posix()}"

    @property
    def models(self) -> Path:
        """Folder of the published models."""
        return self.home / "models"

    @property
    def framework(self) -> Path | None:
        """The office's own framework file in the home folder; None where the shipped one holds."""
        own = self.home / "framework.toml"
        return own if own.is_file() else None


def settings(**given: Any) -> Settings:
    """Settings from options (None: not given) over the environment.

    Raises:
        InputRefused: an option or SULUH_… variable has a value that cannot be used.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as fault:
        first = fault.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        place = sentence("the option --%(name)s or the variable SULUH_%(upper)s", name=name, upper=name.upper())
        only = sentence("the variable SULUH_%(upper)s", upper=name.upper())
        raise InputRefused(
            sentence(
                "The setting %(name)s cannot have the value %(value)s.", name=name, value=str(first.get("input"))[:80]
            ),
            where=place if name in {"home", "lang"} else only,
            mend=sentence(
                "Give another value or leave the setting out; SULUH_LANG knows id and en, SULUH_TIME_ZONE knows WIB, "
                "WITA and WIT."
            ),
        ) from fault
