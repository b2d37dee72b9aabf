"""The commands: each asks the use cases one question and prints the answer."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from model.refusals import InputRefused
from model.sentences import sentence
from service.commands import desk, imports, jobs, matches, objections, people, plans, reports
from service.commands.options import DONE, REFUSED, Ask, Group, Suluh, asking, option
from service.language import mark
from service.printing import answers as tell
from service.printing import models as tell_of_models
from service.printing import people as tell_of_people
from service.progress import Bar

_PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))


KINDS_OF_CITY = ("plain", "confounded", "no_effect", "small", "noisy", "hidden_selection")
"""data.sample.KINDS, named here because reading that room takes longer than --help may."""


@click.group(
    cls=Suluh,
    help=mark("Suluh: whom to train in what, which business to give to which mentor, and why."),
)
def cli() -> None:
    """Suluh: whom to train in what, which business to give to which mentor, and why."""


@cli.command(help=mark("Make a sample city, import it, learn, plan, and serve the pages."))
@option("--serve/--no-serve", default=True, help=mark("Serve the pages at the end."))
@option(
    "--port", type=click.IntRange(0, 65535), default=8000, help=mark("Port of the pages; the next free one if taken.")
)
@asking(begins=True)
def demo(ask: Ask, *, serve: bool, port: int) -> None:
    """Sample city → import → train → index and plan → pages."""
    ask.answer(lambda programme: programme.demo(), tell.demo)
    if serve:
        _announce(ask, ask.programme(Bar(sys.stderr, ask.lang)).demo_users())
        _serve(ask, "127.0.0.1", port)


@cli.command(help=mark("Write a sample city in the tables of the programme, with truth.json."))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@option("--mentors", type=click.IntRange(1, 100_000), help=mark("Number of mentors (default: 160; kind small: 40)."))
@option(
    "--businesses",
    type=click.IntRange(1, 5_000_000),
    help=mark("Number of businesses (default: 4,000; kind small: 1,000)."),
)
@option("--months", type=click.IntRange(18, 240), default=36, help=mark("Months of history."))
@option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=1,
    help=mark("Seed of chance: the same seed gives the same city."),
)
@option("--kind", type=click.Choice(KINDS_OF_CITY), default="plain", help=mark("Kind of city."))
@asking(begins=True)
def sample(ask: Ask, **given: Any) -> None:
    """A sample city."""
    ask.answer(lambda programme: programme.sample(**given), tell.sample)


def _reading(function: Any) -> Any:
    for add in (
        option(
            "--numbers",
            type=click.Choice(["id", "en"]),
            help=mark("How numbers are written: 1.234,5 (id) or 1,234.5 (en)."),
        ),
        option(
            "--dates",
            type=click.Choice(["dmy", "mdy"]),
            help=mark("Which comes first in dates: day (dmy) or month (mdy)."),
        ),
        option(
            "--mapping", type=click.Path(path_type=Path), help=mark("Mapping file (TOML) that names files and columns.")
        ),
        _PATHS,
    ):
        function = add(function)
    return function


@cli.command(help=mark("Try an import: name every fault, change nothing."))
@_reading
@asking(begins=True)
def check(ask: Ask, **given: Any) -> int:
    """A dry run of import."""
    answer = ask.answer(lambda programme: programme.check(**given), tell.check)
    return REFUSED if answer["refused"] else DONE


@cli.command("import", help=mark("Take tables in: all of them, or none where there is a fault."))
@_reading
@asking(begins=True)
def import_(ask: Ask, **given: Any) -> int:
    """All-or-nothing import."""
    answer = ask.answer(lambda programme: programme.import_(**given), tell.imported)
    return REFUSED if answer["refused"] else DONE


@cli.command(help=mark("The index of the paper, with the figures that belong beside it."))
@option(
    "--by", type=click.Choice(["program", "district", "mentor"]), default="program", help=mark("One group for each.")
)
@asking(as_of=True)
def index(ask: Ask, by: str) -> None:
    """The index and its companions."""
    ask.answer(lambda programme: programme.index(by=by, as_of=ask.as_of), tell.index)


@cli.command(help=mark("Learn what competency does for growth, check it on unseen mentors, publish the model."))
@option("--outcome", help=mark("Name of a ready outcome in the data (default: growth of turnover)."))
@asking(as_of=True)
def train(ask: Ask, outcome: str | None) -> None:
    """Learn and publish."""
    ask.answer(lambda programme: programme.train(outcome=outcome, as_of=ask.as_of), tell_of_models.train)


@cli.group(cls=Group, help=mark("The published models: which there are, what they say, going back to an earlier one."))
def model() -> None:
    """Published models."""


@model.command("list", help=mark("Every published model, which one is in use, and whether its file is whole."))
@asking()
def model_list(ask: Ask) -> None:
    """The versions."""
    ask.answer(lambda programme: programme.models(), tell_of_models.versions)


@model.command("show", help=mark("What training answered for a model (default: the one in use)."))
@click.argument("name", required=False)
@asking()
def model_show(ask: Ask, name: str | None) -> None:
    """The training answer of a version."""
    ask.answer(lambda programme: programme.model(name), tell_of_models.shown)


@model.command("card", help=mark("The card of a model (default: the one in use), as Markdown."))
@click.argument("name", required=False)
@option("--out", type=click.Path(path_type=Path), help=mark("Also write the card to a file: .md or .pdf."))
@asking()
def model_card(ask: Ask, name: str | None, out: Path | None) -> None:
    """The model card."""
    ask.answer(lambda programme: programme.model_card(name, lang=ask.lang.code, out=out), tell_of_models.card)


@model.command("rows", help=mark("The rows behind the figures of a model's card, and these figures from them."))
@click.argument("name", required=False)
@option("--left", type=int, help=mark("Those left out by this reason of the card, numbered from 0."))
@option("--by", default="", help=mark("Group by size, district, sector, mentor_district, fold, unusual, gender …"))
@option("--group", default="", help=mark("Only this group, as the card names it."))
@option("--per", default="engagement", help=mark("A row for each engagement or for each mentor."))
@option("--out", type=click.Path(path_type=Path), help=mark("Write all rows to a file: .xlsx, .csv or .json."))
@asking()
def model_rows(ask: Ask, name: str | None, **given: Any) -> None:
    """Rows behind a card."""
    ask.answer(lambda programme: programme.model_rows(name, **given), tell_of_models.rows)


@model.command("promises", help=mark("The predictions kept at approvals behind a card's past promises, and what came."))
@click.argument("name", required=False)
@option("--kind", default="", help=mark("Only growth, outcome, score, pair or pair outcome (default: every kind)."))
@option("--made", default="own", help=mark("own: made with this version; every: with any, or none."))
@asking()
def model_promises(ask: Ask, name: str | None, **given: str) -> None:
    """Promises behind a card."""
    ask.answer(lambda programme: programme.model_promises(name, **given), tell_of_models.promises)


@model.command("plot", help=mark("What moves the expected growth over all engagements, drawn by shap: .png or .svg."))
@click.argument("name", required=False)
@option("--out", required=True, type=click.Path(path_type=Path), help=mark("The file to draw: .png or .svg."))
@option(
    "--kind",
    type=click.Choice(["beeswarm", "bar"]),
    default="beeswarm",
    help=mark("beeswarm: a point for each engagement; bar: the mean size."),
)
@asking()
def model_plot(ask: Ask, out: Path, **given: Any) -> None:
    """A plot of a version."""
    ask.answer(lambda programme: programme.model_plot(out, **given), tell_of_models.plotted)


@model.command(
    "rollback", help=mark("Go back to the last whole model before the one in use, or bring the named one into use.")
)
@click.argument("name", required=False)
@asking()
def model_rollback(ask: Ask, name: str | None) -> None:
    """Another version into use."""
    ask.answer(lambda programme: programme.roll_back(name), tell_of_models.rolled_back)


@cli.command(help=mark("Where each mentor stands against the standard."))
@option("--mentor", metavar="ID", help=mark("One mentor only."))
@asking(as_of=True)
def score(ask: Ask, mentor: str | None) -> None:
    """Scores, delivery, expected growth."""
    ask.answer(lambda programme: programme.score(mentor=mentor, as_of=ask.as_of), tell.score)


@cli.group(cls=Group, invoke_without_command=True, help=mark("Whom to train in what under a budget, and why."))
@option("--budget", metavar="IDR", help=mark("Rupiah to spend, for example 250000000."))
@option(
    "--max-courses-per-mentor", "most", type=click.IntRange(1), default=2, help=mark("Most courses one mentor may get.")
)
@option(
    "--risk",
    type=click.Choice(["mean", "cautious"]),
    default="mean",
    help=mark("Value choices by the mean or cautiously."),
)
@option("--lock", multiple=True, metavar="M:C", help=mark("Mentor M must get course C."))
@option("--forbid", multiple=True, metavar="M:C", help=mark("Mentor M must not get course C."))
@plans.limits
@option("--out", type=click.Path(path_type=Path), help=mark("Also write the plan to a file: .xlsx, .pdf or .json."))
@asking(as_of=True)
def plan(ask: Ask, budget: str | None, out: Path | None, **given: Any) -> None:
    """The training plan."""
    if click.get_current_context().invoked_subcommand is not None:
        return
    if budget is None:
        raise InputRefused(
            sentence("A plan needs a budget."),
            where=sentence("the option %(option)s", option="--budget"),
            mend=sentence("Give the rupiah to spend, for example --budget 250000000."),
        )
    ask.answer(lambda programme: programme.plan(budget=budget, as_of=ask.as_of, out=out, **given), tell.plan)


@plan.command(help=mark("Make a stored plan again from what it was made of: the same bytes."))
@click.argument("plan_id", metavar="ID")
@asking()
def rerun(ask: Ask, plan_id: str) -> None:
    """A stored plan, made again."""
    ask.answer(lambda programme: programme.rerun_plan(plan_id), tell.plan)


for _about_plans in plans.PLAN:
    plan.add_command(_about_plans)
cli.add_command(plans.review)
cli.add_command(imports.template)
cli.add_command(imports.undo)
cli.add_command(objections.objection)
cli.add_command(reports.report)
cli.add_command(jobs.job)
cli.add_command(matches.match)
cli.add_command(desk.desk)


_AGAINST = option("--against", metavar="ID", help=mark("Explain the difference from this other one."))
_WATERFALL = option(
    "--out", type=click.Path(path_type=Path), help=mark("Also draw it as shap's waterfall: a file .png or .svg.")
)


@cli.group(cls=Group, help=mark("The reasons behind a number."))
def explain() -> None:
    """Reasons."""


@explain.command("mentor", help=mark("The reasons behind a mentor's expected growth."))
@click.argument("mentor_id", metavar="ID")
@_AGAINST
@_WATERFALL
@asking(as_of=True)
def explain_mentor(ask: Ask, mentor_id: str, **given: Any) -> None:
    """Contributions to a mentor's expected growth."""
    ask.answer(lambda programme: programme.explain_mentor(mentor_id, as_of=ask.as_of, **given), tell.explanation)


@explain.command("engagement", help=mark("The reasons behind an engagement's expected growth."))
@click.argument("engagement_id", metavar="ID")
@_AGAINST
@_WATERFALL
@asking(as_of=True)
def explain_engagement(ask: Ask, engagement_id: str, **given: Any) -> None:
    """Contributions to an engagement's expected growth."""
    ask.answer(
        lambda programme: programme.explain_engagement(engagement_id, as_of=ask.as_of, **given), tell.explanation
    )


@cli.command(help=mark("Serve the pages and the API."))
@option("--host", default="127.0.0.1", help=mark("Address to listen on."))
@option(
    "--port", type=click.IntRange(0, 65535), default=8000, help=mark("Port of the pages; the next free one if taken.")
)
@asking(json=False, begins=True)
def serve(ask: Ask, host: str, port: int) -> None:
    """Pages and API."""
    made = ask.programme(Bar(sys.stderr, ask.lang)).add_first_admin()
    _announce(ask, [] if made is None else [made])
    _serve(ask, host, port)


def _announce(ask: Ask, made: Sequence[Mapping[str, Any]]) -> None:
    if made:
        click.echo(tell_of_people.first_users(made, ask.lang), err=ask.json)


def _serve(ask: Ask, host: str, port: int) -> None:
    from service.app import serve as run  # noqa: PLC0415 - Flask takes longer than --help may

    run(ask.settings(), host, port, announce=lambda text: click.echo(text, err=ask.json))


@cli.command(help=mark("Look the installation over: home, database, model, space, versions."))
@asking(begins=True)
def doctor(ask: Ask) -> int:
    """The state of the installation."""
    answer = ask.answer(lambda programme: programme.doctor(), tell.doctor)
    return REFUSED if any(line["state"] == "bad" for line in answer["checks"]) else DONE


for _about_people in people.COMMANDS:
    cli.add_command(_about_people)


def main() -> None:
    """Entry point of ``suluh``."""
    cli.main(prog_name="suluh")
