"""The commands about reports: make one, publish, list, show, take a published file."""

import sys
from pathlib import Path

import click

from model.refusals import InputRefused
from model.sentences import sentence
from service.commands.options import Ask, Command, Group, asking, option
from service.commands.signing import role_of
from service.language import mark
from service.people.roles import Permission
from service.printing import reports as tell
from service.progress import Bar

_PERIOD = option("--period", metavar="YYYY[-Hn|-Qn]", help=mark("Year, half-year or quarter (default: newest year)."))
_NUMBER = option("--number", default="", metavar=mark("NUMBER"), help=mark("Number of the letter."))


@click.group(
    cls=Group, invoke_without_command=True, help=mark("The report of a period for the head of office: PDF or xlsx.")
)
@_PERIOD
@_NUMBER
@option("--out", type=click.Path(path_type=Path), help=mark("Also write the report to a file: .pdf or .xlsx."))
@asking()
def report(ask: Ask, period: str | None, number: str, out: Path | None) -> None:
    """The report of a period."""
    if click.get_current_context().invoked_subcommand is not None:
        return
    ask.answer(lambda programme: programme.report(period=period, number=number, out=out), tell.told)


@report.command(help=mark("Publish the report of a period: kept with its files, never changed."))
@_PERIOD
@_NUMBER
@option("--name", required=True, metavar=mark("NAME"), help=mark("Your name."))
@role_of(Permission.PUBLISH_REPORTS)
@asking()
def publish(ask: Ask, **given: str) -> None:
    """A published report."""
    ask.answer(lambda programme: programme.publish_report(**given), tell.published)


@report.command("list", help=mark("Every published report, the newest first."))
@asking()
def list_(ask: Ask) -> None:
    """The published reports."""
    ask.answer(lambda programme: programme.reports(), tell.listed)


@report.command(help=mark("A published report with its files; --out takes one of them, byte for byte."))
@click.argument("report_id", metavar="ID")
@option("--out", type=click.Path(path_type=Path), help=mark("Write its file in your language: .pdf, .xlsx or .md."))
@asking()
def show(ask: Ask, report_id: str, out: Path | None) -> None:
    """A published report."""
    if out is not None:
        _take(ask, report_id, out)
    ask.answer(lambda programme: programme.show_report(report_id), tell.published)


def _record(kind: str, about: str) -> click.Command:
    @click.command(kind, cls=Command, help=about)
    @_NUMBER
    @option("--out", type=click.Path(path_type=Path), help=mark("Also write it to a file: .pdf or .md."))
    @option("--publish", is_flag=True, help=mark("Keep it as a published report, with its files, for good."))
    @option("--name", default="", metavar=mark("NAME"), help=mark("Your name, to publish."))
    @role_of(Permission.PUBLISH_REPORTS, required=False)
    @asking()
    def record(ask: Ask, *, number: str, out: Path | None, publish: bool, name: str, role: str) -> None:
        if publish:
            given = {"number": number, "name": name, "role": role}
            ask.answer(lambda programme: programme.publish_record(kind, **given), tell.published)
            return
        ask.answer(lambda programme: programme.record(kind, number=number, lang=ask.lang.code, out=out), tell.record)

    return record


report.add_command(_record("transparency", mark("The algorithm-transparency record, from the installation as it is.")))
report.add_command(_record("dpia", mark("The impact assessment (UU PDP, article 34), filled from the installation.")))


def _take(ask: Ask, report_id: str, out: Path) -> None:
    content = ask.programme(Bar(sys.stderr, ask.lang)).report_file(report_id, ask.lang.code, out.suffix.lower()[1:])
    try:
        out.write_bytes(content)
    except OSError as fault:
        raise InputRefused(
            sentence("The file cannot be written: %(fault)s.", fault=fault.strerror or str(fault)),
            where=sentence("the option %(option)s with the file %(file)s", option="--out", file=out.name),
            mend=sentence("Choose another folder, or make this one first."),
        ) from fault
