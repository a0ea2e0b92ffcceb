"""The page: verdict, hypotheses, figures, all results, provenance. One file, nothing to fetch."""
import base64
import io
import json
import os

import jinja2

from . import campaign, campaign_tables, described, deviations, figures, first, words
from .symbols import symbols
from .style import plt


def picture(drawn):
    """The figure as a data URI: SVG, so that it is sharp on paper."""
    buffer = io.BytesIO()
    drawn.figure.savefig(buffer, format="svg", metadata={"Date": None})
    plt.close(drawn.figure)
    return "data:image/svg+xml;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def all_figures(report):
    shown = []
    for name, entry in figures.entries(report).items():
        drawn = figures.draw(report, name)
        if drawn is not None:
            shown.append(
                {
                    "name": name,
                    "title": entry.title,
                    "caption": drawn.caption,
                    "alt": f"{entry.title}. {drawn.alt}",
                    "source": picture(drawn),
                }
            )
    return shown


def settings_with_hypotheses(report):
    """One entry a setting, in the order of the report: the measured exponent and every formula tested on it."""
    entries = {}
    for h in report.hypotheses:
        label = words.setting(h.get("method"), h.get("settings"))
        entry = entries.setdefault(
            (h.get("result"), label),
            {
                "label": label,
                "measured": words.with_error(h.get("measured"), h.get("standard_error")),
                "formulas": [],
                "order": words.setting_order(h.get("method"), h.get("settings")),
                "open": False,
            },
        )
        entry["formulas"].append({**h, "name": words.formula(h["id"])})
    ordered = sorted(entries.values(), key=lambda entry: entry["order"])
    powers_shown = set()
    for entry in ordered:  # the first setting of each loss power is unfolded, whatever its verdicts
        power = entry["order"][2]
        entry["open"] = power not in powers_shown
        powers_shown.add(power)
    return ordered


def matrix(settings):
    """Rows: settings; columns: formulas; cells: the entry of the formula or None."""
    columns = []
    for entry in settings:
        for h in entry["formulas"]:
            if h["name"] not in columns:
                columns.append(h["name"])
    rows = []
    for entry in settings:
        cells = {h["name"]: h for h in entry["formulas"]}
        rows.append({"label": entry["label"], "measured": entry["measured"], "cells": [cells.get(c) for c in columns]})
    return {"columns": columns, "rows": rows}


def megabytes(count):
    return f"{count / 2**20:.0f} MiB" if count else words.DASH


def environment():
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(os.path.dirname(__file__)),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.filters.update(
        prose=words.prose,
        number=words.number,
        signed=words.signed,
        formula=words.formula,
        megabytes=megabytes,
        interval=words.interval,
        raised=words.raised,
        p_value=words.p_value,
        chi2=words.chi2,
    )
    made.globals.update(
        with_error=words.with_error,
        measured=words.measured,
        status=words.status,
        setting=words.setting,
        quantity=words.quantity,
        known=words.known,
        verdicts=words.VERDICTS,
        misses=words.misses,
        curve_p=deviations.p_value,
    )
    return made


def contents(parts):
    """[(fragment, title)] of what there is."""
    return [(name, title) for name, title, there in parts if there]


def render(report, output=None):
    """The page as text. `output`: where it will stand, for links inside of the project."""
    settings = settings_with_hypotheses(report)
    with open(os.path.join(os.path.dirname(__file__), "page.css"), encoding="utf-8") as file:
        css = file.read()
    run = report["run"] or {}
    seconds = [s for s in (report["timing"] or {}).values() if words.known(s)]
    drawn = all_figures(report)
    lead = next((f for name in figures.leading(report) for f in drawn if f["name"] == name), None)
    others = [f for f in drawn if f is not lead]
    tables = (campaign_tables if campaign.is_campaign(report) else described).tables(report)
    answers = described.other_answers(report)
    link = first.theory_link(output or os.path.join(report.directory, "report.html"))
    parts = contents(
        [
            ("tables", "Tables", tables),
            ("formulas", "Which formula do the numbers support?", settings),
            ("figures", "Figures", others),
            ("checks", "Declared checks", report["checks"]),
            ("results", "All results", report.results or report["missed"]),
            ("provenance", "Provenance", True),
        ]
    )
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            css=css,
            report=report.json,
            run=run,
            theory=report.theory,
            settings=settings,
            tables=tables,
            matrix=matrix(settings),
            first=first.answer(report),
            symbols=symbols(report, link),
            steps=first.steps(report),
            fits=first.fits(report),
            lead=lead,
            contents=parts,
            answers=answers,
            figures=others,
            results=report.results,
            missed=report["missed"] or [],
            checks=report["checks"] or [],
            warnings=report["warnings"] or [],
            timing=report["timing"] or {},
            longest=max(seconds, default=1) or 1,
            config=json.dumps(run.get("config"), indent=2, ensure_ascii=False),
        )
    )
