"""The figures of a run. Each function takes the Report and gives a Drawn, or None when the run has nothing to show."""
from collections import namedtuple

import numpy as np

from . import blind, campaign, curves, default, described, deviations, exponents, field, losses, plain, seen, structure
from .style import plt

Entry = namedtuple("Entry", "title function")
Drawn = namedtuple("Drawn", "figure caption alt")

FIGURES = {
    "answer": Entry("What decides", exponents.answer_figure),
    "exponents": Entry("Measured exponents against the formulas", exponents.against_formulas),
    "loss": Entry("Loss against the number of pieces", losses.loss),
    "loss_slopes": Entry("Local slopes of the loss", losses.loss_slopes),
    "zeta": Entry("Structure-function exponents", exponents.zeta),
    "structure": Entry("Compensated structure functions", structure.structure),
    "slopes": Entry("Local slopes of the structure functions", structure.structure_slopes),
    "boxes": Entry("Box counting", curves.boxes),
    "spectrum": Entry("Energy spectrum", curves.spectrum),
    "blind": Entry("Blind fits", blind.fits),
    "expectation": Entry("Distance from the exact expectation", deviations.against_expectation),
    "slice": Entry("The field", field.field_slice),
}


#: quantities that have figures of their own above, in the report of a field
FINE = {"alpha", "zeta", "dimension_box", "spectrum_slope"}


#: tasks whose reports describe their figures themselves
DESCRIBED = ("scaling_law", "learning")


def entries(report):
    """The figures this run can have: those made for quantities that are known, those that the report describes, and one
    for every other curve."""
    if campaign.is_campaign(report):
        return {name: Entry(*entry) for name, entry in campaign.FIGURES.items()}
    fine = {} if report["task"] in DESCRIBED else FIGURES
    told = described.figures(report)
    shown = {r for f in told.values() for r in f.get("results") or []}
    other = default.groups(report, lambda r: r["id"] in shown or (fine and r["quantity"] in FINE))
    titles = default.titles(report, other)
    last = {"slice": fine["slice"]} if fine else {}
    return {
        **{name: entry for name, entry in fine.items() if name not in last},
        **{name: Entry(f["title"], described.drawer(f)) for name, f in told.items()},
        **{
            name: Entry(titles[name], default.drawer(results))
            for name, results in other.items()
            if name not in told
        },
        **last,
    }


def draw(report, name):
    """Drawn or None. Values that are missing or not numbers are left out, never an error."""
    with np.errstate(all="ignore"):
        made = entries(report)[name].function(report)
    if made is None:
        return None
    figure, caption, *alt = made
    plain.labels(figure)
    return Drawn(figure, caption, alt[0] if alt else seen.described(figure))


def leading(report):
    """Names of figures for the first screen, the first that there is."""
    if campaign.is_campaign(report):
        return ["h_over_d"]
    return list(described.figures(report))[:1] if report["task"] in DESCRIBED else ["answer", "zeta"]


def available(report):
    names = []
    for name in entries(report):
        drawn = draw(report, name)
        if drawn is not None:
            plt.close(drawn.figure)
            names.append(name)
    return names
