"""The page: verdict, hypotheses, figures, all results, provenance. One file, nothing to fetch."""
import base64
import io
import json
import os

import jinja2

from . import campaign, described, deviations, figures, words
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
            shown.append({"name": name, "title": entry.title, "caption": drawn.caption, "source": picture(drawn)})
    return shown


def settings_with_hypotheses(report):
    """One entry a setting, in the order of the report: the measured exponent and every formula tested on it."""
    entries = {}
    for h in report.hypotheses:
        label = words.setting(h.get("method"), h.get("settings"))
        entry = entries.setdefault((h.get("result"), label), {
            "label": label, "measured": words.with_error(h.get("measured"), h.get("standard_error")), "formulas": [],
            "order": words.setting_order(h.get("method"), h.get("settings")), "open": False})
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
    made = jinja2.Environment(loader=jinja2.FileSystemLoader(os.path.dirname(__file__)), autoescape=True,
                              trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    made.filters.update(prose=words.prose, number=words.number, signed=words.signed, formula=words.formula, megabytes=megabytes)
    made.globals.update(with_error=words.with_error, status=words.status, setting=words.setting, quantity=words.quantity, known=words.known,
                        verdicts=words.VERDICTS, sentences=words.sentences,
                        p_text=lambda result: deviations.p_text(deviations.p_value(result)))
    return made


def render(report):
    settings = settings_with_hypotheses(report)
    with open(os.path.join(os.path.dirname(__file__), "page.css"), encoding="utf-8") as file:
        css = file.read()
    run = report["run"] or {}
    seconds = [s for s in (report["timing"] or {}).values() if words.known(s)]
    return environment().get_template("page.html.j2").render(
        css=css, report=report.json, run=run, theory=report.theory, settings=settings, tables=(campaign if campaign.is_campaign(report) else described).tables(report), matrix=matrix(settings),
        answers=described.other_answers(report),
        figures=all_figures(report), results=report.results, checks=report["checks"] or [],
        warnings=report["warnings"] or [], timing=report["timing"] or {}, longest=max(seconds, default=1) or 1,
        config=json.dumps(run.get("config"), indent=2, ensure_ascii=False))
