"""What every command has in common: its options, help in the reader's language, answers, refusals, exit codes."""

import errno
import functools
import os
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

import click

from model.refusals import InputRefused, Refused
from model.sentences import Sentence, sentence
from service.language import LANGUAGES, Language, mark
from service.progress import Bar
from service.rendering import as_json, refusal, render

if TYPE_CHECKING:
    from service.settings import Settings
    from service.usecases import Programme

DONE, FAULT, REFUSED = 0, 1, 2
Show = Callable[[Any, Language], str]
"""Makes text for people of an answer already rendered to plain values."""


def spoken(arguments: Sequence[str]) -> Language:
    """Language of help and refusals, before the options are understood: --lang, else SULUH_LANG, else Indonesian."""
    given = list(arguments)
    wanted = next((b for a, b in pairwise(given) if a == "--lang"), None)
    wanted = wanted or next((a.partition("=")[2] for a in given if a.startswith("--lang=")), None)
    wanted = wanted or os.environ.get("SULUH_LANG", "")
    return Language(wanted if wanted in LANGUAGES else "id")


def after_the_command(arguments: Sequence[str]) -> list[str]:
    """The line with --home, --lang and --json, where they stand before the command, put at its end."""
    given, moved = list(arguments), []
    while given and given[0].split("=")[0] in {"--home", "--lang", "--json"}:
        takes = 1 if given[0] == "--json" or "=" in given[0] else 2
        moved += given[:takes]
        del given[:takes]
    return given + moved


class Day(click.ParamType[date]):
    """An ISO day on the command line."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; InputRefused where it is none."""
        del ctx
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError as fault:
            raise InputRefused(
                sentence("%(value)s is not a day of the calendar.", value=value),
                where=sentence("the option %(option)s", option=f"--{param.name.replace('_', '-')}" if param else ""),
                mend=sentence("Write the day as year-month-day, for example 2026-12-31."),
            ) from fault


class Option(click.Option):
    """An option whose help is shown in the reader's language."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Name and translated help."""
        shown = copy(self)
        lang = _lang(ctx)
        shown.help = lang.text(self.help or "")
        found = click.Option.get_help_record(shown, ctx)
        return found and (found[0], found[1].replace("[required]", f"[{lang.text('required')}]"))


def _lang(ctx: click.Context) -> Language:
    return cast("Language", ctx.find_root().obj)


HEADINGS = (mark("Options"), mark("Commands"))
"""Headings that click writes over its lists."""


class Formatter(click.HelpFormatter):
    """Lays out help with its headings in the reader's language."""

    lang = Language("en")

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The usage line."""
        super().write_usage(prog, args, prefix or f"{self.lang.text('Usage')}: ")

    def write_heading(self, heading: str) -> None:
        """The heading of a section."""
        super().write_heading(self.lang.text(heading))


class Context(click.Context):
    """A context that lays out help in the reader's language."""

    def make_formatter(self) -> click.HelpFormatter:
        """A formatter of that language."""
        formatter = Formatter(width=self.terminal_width, max_width=self.max_content_width)
        formatter.lang = _lang(self)
        return formatter


class Command(click.Command):
    """A command whose help is shown in the reader's language."""

    context_class = Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The --help option, translated."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = _lang(ctx).text(mark("Show this help and stop."))
        return found

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The translated description."""
        shown = copy(self)
        shown.help = _lang(ctx).text(self.help or "")
        click.Command.format_help_text(shown, ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """First sentence of the translated description."""
        with suppress(RuntimeError):
            shown = copy(self)
            shown.help = _lang(click.get_current_context()).text(self.help or "")
            return click.Command.get_short_help_str(shown, limit)
        return super().get_short_help_str(limit)


class Group(Command, click.Group):
    """A group of such commands."""

    command_class = Command
    group_class = type


class Suluh(Group):
    """The whole program: one place where refusals and faults become words and exit codes."""

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> NoReturn:  # type: ignore[override]
        """Run one command line and exit with 0 done, 2 refused, 1 a fault of ours."""
        given = after_the_command(sys.argv[1:] if args is None else args)
        lang = spoken(given)
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8", errors="replace")
        extra.pop("standalone_mode", None)
        sys.exit(self._run(given, prog_name, lang, as_json="--json" in given, extra=extra))

    def _run(
        self, given: list[str], prog_name: str | None, lang: Language, *, as_json: bool, extra: dict[str, Any]
    ) -> int:
        try:
            done = super().main(given, prog_name, standalone_mode=False, obj=lang, **extra)
        except Refused as fault:
            say_refusal(fault, lang, as_json=as_json)
        except click.UsageError as fault:
            if not as_json and fault.ctx is not None:
                click.echo(fault.ctx.get_usage(), err=True)
            say_refusal(_usage(fault), lang, as_json=as_json)
        except click.Abort:
            click.echo(lang.text("Stopped."), err=True)
            return 130
        except OSError as fault:
            if fault.errno not in _FULL:
                return _our_fault(fault, lang)
            _no_space(fault, lang)
        except Exception as fault:  # noqa: BLE001 - the last line of defence: a fault of ours is named, not thrown
            return _our_fault(fault, lang)
        else:
            return done if isinstance(done, int) else DONE
        return REFUSED


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT}) if hasattr(errno, "EDQUOT") else frozenset({errno.ENOSPC})
"""What a system says where a disk, or a user's share of it, is full."""


def _no_space(fault: OSError, lang: Language) -> None:
    """Say that a disk is full; what still waits to be written to standard output is let go."""
    where = sentence("%(place)s", place=str(fault.filename)) if fault.filename else sentence("standard output")
    said = InputRefused(
        sentence("Nothing could be written there: no space is left."),
        where=where,
        mend=sentence("Make room, or write elsewhere, and do it again."),
    )
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    say_refusal(said, lang, as_json=False)


def _our_fault(fault: Exception, lang: Language) -> int:
    if os.environ.get("SULUH_DEBUG"):
        traceback.print_exception(fault)
    text = sentence(
        "This is a fault of Suluh, not of your data: %(kind)s: %(fault)s. Set SULUH_DEBUG=1 to see where it arose.",
        kind=type(fault).__name__,
        fault=str(fault),
    )
    click.echo(lang.say(text), err=True)
    return FAULT


def say_refusal(fault: Refused, lang: Language, *, as_json: bool) -> None:
    """Say what is wrong, where and how to mend it: as JSON on stdout, else as text on stderr."""
    if as_json:
        click.echo(as_json_text(refusal(fault, lang), lang))
        return
    told = refusal(fault, lang)["error"]
    click.echo(
        f"{told['what']}\n  {lang.text('Where')}: {told['where']}\n  {lang.text('Mend')}: {told['mend']}", err=True
    )


def as_json_text(value: Any, lang: Language) -> str:
    """JSON text of an answer; a name of its own because options are called as_json."""
    return as_json(value, lang)


def _usage(fault: click.UsageError) -> Refused:
    hint = fault.ctx.command_path if fault.ctx else "suluh"
    return InputRefused(
        _usage_sentence(fault),
        where=sentence("the command line of %(command)s", command=hint),
        mend=sentence("See %(command)s --help.", command=hint),
    )


def _usage_sentence(fault: click.UsageError) -> Sentence:
    if isinstance(fault, click.exceptions.NoSuchOption):
        return sentence("There is no option %(option)s.", option=fault.option_name)
    if isinstance(fault, click.exceptions.NoSuchCommand):
        return sentence("There is no command %(command)s.", command=fault.command_name)
    if isinstance(fault, click.MissingParameter):
        return sentence("%(name)s is missing.", name=_name_of(fault.param) if fault.param else "")
    if isinstance(fault, click.BadParameter) and fault.param:
        return sentence(
            "The value given for %(name)s cannot be used: %(message)s",
            name=_name_of(fault.param),
            message=_not_accepted(fault.param.type, fault.message) or fault.message,
        )
    return _other_usage(fault)


def _name_of(parameter: click.Parameter) -> str:
    """A parameter as it is typed: --name of an option, the word that the usage line has of an argument."""
    return parameter.human_readable_name if isinstance(parameter, click.Argument) else parameter.opts[0]


def _other_usage(fault: click.UsageError) -> Sentence:
    if isinstance(fault, click.BadOptionUsage):
        return sentence(
            "The option %(option)s is given without its value, or with one it does not take.", option=fault.option_name
        )
    if extra := re.search(r"unexpected extra arguments? \((.*)\)", fault.message):
        return sentence("There is more on the command line than the command takes: %(extra)s.", extra=extra[1])
    return sentence("The command was not understood: %(message)s", message=fault.format_message())


_GIVEN = re.compile(r"'(.+?)' is |^(\S+) is ")
"""The value in click's own message."""


def _not_accepted(kind: click.ParamType[Any], message: str) -> Sentence | None:
    """Why a parameter of this type does not take the value; None where only click can say."""
    found = _GIVEN.search(message)
    value = (found[1] or found[2]) if found else ""
    match kind:
        case click.Choice():
            return sentence("%(value)s is none of %(known)s.", value=value, known=", ".join(map(str, kind.choices)))
        case click.IntRange(min=int(low), max=int(high)):
            return sentence(
                "%(value)s is no whole number from %(low)s to %(high)s.", value=value, low=str(low), high=str(high)
            )
        case click.IntRange(min=int(low)):
            return sentence("%(value)s is no whole number of at least %(low)s.", value=value, low=str(low))
        case click.Path(file_okay=False):
            return sentence("%(value)s is a file, where a folder is needed.", value=value)
    return None


@dataclass(frozen=True)
class Ask:
    """One question on the command line: where the state lives, in which language and form the answer goes out.

    ``chosen``: the language given by --lang, None where the environment decides. ``begins``: the question may be the
    first one asked of a home; any other is refused where there is no installation yet.
    """

    home: Path | None
    lang: Language
    json: bool = False
    as_of: date | None = None
    chosen: str | None = None
    begins: bool = False

    def settings(self) -> "Settings":
        """Settings of the installation asked."""
        from service.settings import settings  # noqa: PLC0415 - pydantic takes longer than --help may

        return settings(home=self.home, lang=self.chosen)

    def programme(self, progress: Bar) -> "Programme":
        """The use cases on this installation."""
        from service.usecases import Programme  # noqa: PLC0415 - the rooms below take longer than --help may

        programme = Programme(self.settings(), progress=progress)
        if not self.begins:
            programme.refuse_unbegun()
        return programme

    def answer(self, question: Callable[["Programme"], Any], show: Show) -> Any:
        """Ask the programme, print the answer; gives the answer as plain values."""
        bar = Bar(sys.stderr, self.lang)
        try:
            programme = self.programme(bar)
            answer = question(programme)
        finally:
            bar.close()
        lang = programme.settings.language(self.lang.code)
        plain = render(answer, lang)
        click.echo(as_json_text(plain, lang) if self.json else show(plain, lang))
        return plain


_HOME = click.option(
    "--home",
    type=click.Path(path_type=Path),
    cls=Option,
    help=mark("Folder of all state (default: SULUH_HOME or ./instance)."),
)
_LANG = click.option(
    "--lang",
    type=click.Choice(list(LANGUAGES)),
    cls=Option,
    help=mark("Language of the answer (default: SULUH_LANG or id)."),
)
_JSON = click.option("--json", "as_json", is_flag=True, cls=Option, help=mark("Print one JSON object on stdout."))
_AS_OF = click.option(
    "--as-of", type=Day(), cls=Option, help=mark("See the data as they stood on this day (default: the newest day).")
)


def asking(
    *, json: bool = True, as_of: bool = False, begins: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the common options; its function receives an :class:`Ask` first."""

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(
            home: Path | None,
            lang: str | None,
            *,
            as_json: bool = False,
            as_of: date | None = None,
            **given: Any,
        ) -> Any:
            told = Language(lang) if lang else _lang(click.get_current_context())
            return function(Ask(home, told, as_json, as_of, lang, begins), **given)

        chosen = [_HOME, _LANG, *([_JSON] if json else []), *([_AS_OF] if as_of else [])]
        return functools.reduce(lambda made, option: option(made), reversed(chosen), run)

    return wrap


def option(*names: str, **given: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option with translated help."""
    return click.option(*names, cls=Option, **given)
