"""shap's plots of our own contributions: real files, the explanation's figures on them, shap nowhere in the service."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from model.refusals import InputRefused, NotFound
from service.cli import cli
from service.language import Language
from service.models.plotting import waterfall
from service.rendering import render
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import client_as
from training.scoring.prediction import asked, explain

pytest.importorskip("shap", reason="shap is not installed here")
ID, EN = Language("id"), Language("en")


@pytest.fixture(scope="module")
def programme(tmp_path_factory) -> Programme:
    place = tmp_path_factory.mktemp("plots")
    made = Programme(settings(home=place / "home"))
    made.sample(place / "city", mentors=40, businesses=400, months=30, seed=2017)
    made.import_([place / "city"])
    made.train()
    return made


@pytest.fixture(scope="module")
def engagement(programme) -> str:
    return str(programme.snapshot().active["engagement_id"].iloc[3])


@pytest.fixture(scope="module")
def waterfall_svg(programme, engagement) -> bytes:
    """As an analyst takes it from the page."""
    answer = client_as(programme.settings.home, "analyst").get(f"/model/waterfall.svg?engagement={engagement}")
    assert answer.mimetype == "image/svg+xml"
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.data


def texts(svg: bytes) -> list[str]:
    """Every text of a drawing, without the marks of its markup."""
    root = ET.fromstring(svg)  # noqa: S314 - our own file
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    return ["".join(found.itertext()).strip() for found in root.iter("{http://www.w3.org/2000/svg}text")]


def figure(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−").replace(".", ",")


def test_a_waterfall_says_what_the_explanation_says(programme, engagement, waterfall_svg):
    answer, said = render(programme.explain_engagement(engagement), ID), texts(waterfall_svg)
    shown = answer["contributions"][:14]
    rest = sum(row["contribution"] for row in answer["contributions"][14:])
    figures = [figure(value) for value in (*(row["contribution"] for row in shown), rest)]
    assert [one for one in figures if one not in said] == []
    assert [row["label"] for row in shown if row["label"] not in said] == []
    assert f"diharapkan = {figure(answer['value'])}" in said
    assert f"rata-rata = {figure(answer['base'])}" in said
    assert not [text for text in said if re.search(r"SHAP|f\(x\)|E\[|other features|\$", text)]


def test_the_bar_plot_shows_the_mean_size_of_every_contribution(programme):
    seen, model = programme.snapshot(), programme.shelf().model
    found = explain(model, asked(seen, programme.framework, model))
    sizes = sorted(abs(found.shares).mean(axis=0), reverse=True)
    said = texts(programme.plot_model("bar", "svg", lang="en"))
    assert [size for size in sizes[:14] if f"{size:.3f}" not in said] == []
    assert any("Mean size of the contribution" in text for text in said)


@pytest.mark.parametrize("most", [25, pytest.param(2000, marks=pytest.mark.long)])
def test_a_beeswarm_drawn_by_the_command_uses_the_readers_words(programme, monkeypatch, tmp_path, most):
    monkeypatch.setattr("service.models.plotting.MOST_ROWS", most)
    home, out = str(programme.settings.home), tmp_path / "all.svg"
    done = CliRunner().invoke(cli, ["model", "plot", "--out", str(out), "--lang", "id", "--home", home])
    assert done.exit_code == 0, done.output
    said = texts(out.read_bytes())
    assert {"nilai rendah", "nilai tinggi", "Nilai sendiri"} <= set(said)
    drawn = min(most, len(asked(programme.snapshot(), programme.framework, programme.shelf().model).engagements))
    assert any(text.startswith(f"Sumbangan pada {drawn} ") for text in said)


def test_the_command_writes_the_same_file_as_the_page(programme, engagement, waterfall_svg, tmp_path):
    home, out = str(programme.settings.home), tmp_path / "one.svg"
    done = CliRunner().invoke(cli, ["explain", "engagement", engagement, "--out", str(out), "--home", home])
    assert done.exit_code == 0, done.output
    assert waterfall_svg == out.read_bytes()


def test_pages_lead_to_the_plots_and_keep_them_for_analysts(programme, engagement):
    home = programme.settings.home
    client, mentor = client_as(home, "analyst"), programme.snapshot().active["mentor_id"].iloc[0]
    for path, link in (
        (f"/model/engagements/{engagement}", f"/model/waterfall.svg?engagement={engagement}"),
        (f"/mentors/{mentor}", f"/model/waterfall.png?mentor={mentor}"),
        ("/model", "/model/model-0001/plots/beeswarm.png"),
        ("/model", "/model/model-0001/plots/bar.svg"),
    ):
        assert f'href="{link}"' in client.get(path).text
        assert client_as(home, "hr").get(link).status_code == 403
    assert "waterfall" not in client_as(home, "hr").get(f"/mentors/{mentor}").text
    districts = dict(programme.snapshot()["mentors"][["mentor_id", "district"]].to_numpy())
    elsewhere = next(name for name in districts.values() if name != districts[mentor])
    limited = client_as(home, "analyst", districts=[elsewhere])
    assert limited.get(f"/model/waterfall.png?mentor={mentor}").status_code == 404
    assert client.get("/model/model-0001/plots/pie.png").status_code == 404
    assert client.get("/model/model-0001/plots/bar.gif").status_code == 404


def test_what_cannot_be_drawn_is_refused(programme, engagement, tmp_path):
    with pytest.raises(InputRefused, match="cannot be written"):
        programme.explain_engagement(engagement, out=tmp_path / "one.gif")
    with pytest.raises(InputRefused, match="cannot be written"):
        programme.model_plot(tmp_path / "nowhere" / "one.png")
    with pytest.raises(NotFound):
        programme.plot_mentor("nobody", "png")


def test_a_name_with_markup_and_signs_is_drawn_as_it_is(programme):
    name = "<script>alert(1)</script> $x_1$ & co = 3"
    row = {"feature": "x", "label": name, "value": "a<b", "level": "a<b", "reference": None, "contribution": 0.25}
    told = {"base": 0.5, "value": 0.75, "against": None, "contributions": [row]}
    drawn = waterfall(told, "M1 $", programme.shelf().model, EN, "svg")
    assert b"<script" not in drawn
    assert name.replace("=", ":") in texts(drawn)
    assert "M1 $" in texts(drawn)


def test_the_service_never_loads_shap(programme, engagement, tmp_path):
    """Neither by being imported nor by drawing: that is done in a process of its own."""
    script = f"""
import sys
from pathlib import Path
from service.app import create_app
from service.settings import settings
app = create_app(settings(home=Path({str(programme.settings.home)!r})))
drawn = app.extensions["programme"].plot_engagement({engagement!r}, "png")
Path({str(tmp_path / "one.png")!r}).write_bytes(drawn)
print([name for name in sys.modules if name.split(".")[0] in ("shap", "matplotlib")])
"""
    root = Path(__file__).parents[1]
    told = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
    with Image.open(tmp_path / "one.png") as picture:
        assert picture.format == "PNG"
        assert picture.width > 600
        assert len(picture.convert("RGB").getcolors(maxcolors=10**6)) > 20
