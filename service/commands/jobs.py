"""The commands about long work: list, show; and the one that a process started for a job runs."""

from typing import Any

import click

from service.commands.options import Ask, Group, asking
from service.language import Language, mark
from service.printing.layout import table


@click.group(cls=Group, help=mark("Long work that the pages or the API had done: how far it is, how it ended."))
def job() -> None:
    """Jobs."""


@job.command("list", help=mark("Every job, the newest first."))
@asking()
def list_(ask: Ask) -> None:
    """All jobs."""
    ask.answer(lambda programme: programme.jobs(), lambda answer, lang: _listed(answer["jobs"], lang))


@job.command(help=mark("A job: how far it is, how it ended."))
@click.argument("number", metavar=mark("NUMBER"))
@asking()
def show(ask: Ask, number: str) -> None:
    """One job."""
    ask.answer(lambda programme: programme.job(number), lambda answer, lang: _listed([answer], lang))


@job.command(hidden=True, help=mark("Do a job; the service starts this by itself."))
@click.argument("number", type=int)
@asking()
def run(ask: Ask, number: int) -> None:
    """Do a job."""
    ask.answer(lambda programme: programme.run_job(number), lambda answer, lang: _listed([answer], lang))


STATES = {
    "waiting": mark("waiting"),
    "running": mark("running"),
    "done": mark("done"),
    "refused": mark("refused"),
    "failed": mark("failed"),
}
"""Words for the states of a job."""


def _listed(jobs: list[dict[str, Any]], lang: Language) -> str:
    headers = [lang.text(name) for name in (mark("Job"), mark("Kind"), mark("State"), mark("Done"), mark("Word"))]
    rows = [
        (str(one["job"]), one["kind"], lang.text(STATES[one["state"]]), lang.percent(one["share"]), _word(one))
        for one in jobs
    ]
    return table(headers, rows, right="r  r") if rows else lang.text("There is no job.")


def _word(job: dict[str, Any]) -> str:
    return str(job["error"]["what"]) if job["error"] else job["doing"] or ""
