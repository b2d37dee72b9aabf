"""shap's own plots as downloads: the contributions to one mentor or engagement, and over all engagements."""

from flask import g, request
from werkzeug.wrappers import Response

from service import guard
from service.guard import needs
from service.pages.downloads import download
from service.pages.frame import pages, programme
from service.people.roles import Permission
from service.reach import check_ids


@pages.get("/model/waterfall.<form>")
@needs(Permission.ANALYSE)
def waterfall(form: str) -> Response:
    """What the growth expected of a mentor or an engagement is made of, alone or against another."""
    kind = "mentor" if "mentor" in request.args else "engagement"
    subject, against = request.args.get(kind, ""), request.args.get("against") or None
    for identifier in (subject, against):
        if identifier:
            check_ids(guard.reach(), {f"{kind}_id": identifier}, programme())
    draw = programme().plot_mentor if kind == "mentor" else programme().plot_engagement
    return download(draw(subject, form, lang=g.lang.code, against=against), form, f"shap-{subject}")


@pages.get("/model/<name>/plots/<kind>.<form>")
@needs(Permission.ANALYSE)
def model_plot(name: str, kind: str, form: str) -> Response:
    """What moves the expected growth over all engagements."""
    return download(programme().plot_model(kind, form, name=name, lang=g.lang.code), form, f"shap-{kind}-{name}")
