"""Blind fits: the points that were fitted from the field alone, on axes of their own (answers.blind.curve)."""
import numpy as np

from . import default, residuals, words
from .data import array
from .style import BLUE, GREEN, ORANGE, PURPLE, RED, SKY, log_scale, points

COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, RED)
MARKERS = "osD^v<>"


def curves(report):
    """y name -> [(result, answer, columns)], each curve once: many results lean on the same fit."""
    found, known = {}, set()
    for r in report.results:
        for answer in (r.get("answers") or {}).values():
            told = answer.get("curve")
            if not told or r["quantity"] not in ("zeta", "spectrum_slope"):
                continue
            columns = {
                name: array(told[name], len(told["x"])) for name in ("x", "y", "standard_error", "fitted", "residual")
            }
            key = (told["y_name"], tuple(told["y"]))
            if key not in known and len(told["x"]) > 1:
                known.add(key)
                found.setdefault(told["y_name"] if told["x_name"] == "k" else "flatness", []).append(
                    (r, answer, told, columns)
                )
    return found


def fits(report):
    found = curves(report)
    if not found:
        return None
    figure, axes, strips = residuals.panels(1, len(found), 4.1)
    for axis, strip, (name, rows) in zip(axes[0], strips[0], found.items()):
        for (r, answer, told, c), colour, marker in zip(rows, COLOURS * 9, MARKERS * 9):
            what = f"q = {words.plain(r['order'])}" if name == "flatness" and r.get("order") else words.quantity(r)
            label = f"{what}: {answer.get('status')}"
            points(axis, c["x"], c["y"], c["standard_error"], colour, marker, label, line=False)
            residuals.fitted(axis, strip, c["x"], c["fitted"], c["residual"], colour, marker, label=False)
        told = rows[0][2]
        log_scale(axis, "x", 2)
        every = np.concatenate([c["y"] for *_, c in rows])
        default.set_scale(axis, "y", False, every)
        axis.set(
            title="Wavelets" if name == "flatness" else "Half-octave shells",
            ylabel=(
                "flatness <|w|$^q$>/<w$^2$>$^{q/2}$"
                if name == "flatness"
                else default.axis_label(told["y_name"], told["y_unit"]).replace("^2", "²")
            ),
        )
        strip.set_xlabel(default.axis_label(told["x_name"], told["x_unit"]))
        axis.legend(loc="best", fontsize=7)
        residuals.finish(strip)
    return figure, (
        "What the blind fits see: energies of half-octave shells, whose slope is −(D + ζ_2) and gives the spectrum’s,"
        " and the flatness of wavelets, whose slopes give the other orders. The lines are the mean model; bars are 95%."
        " Points at both ends may leave the line by corrections that the fit averages over."
        + residuals.SAID
    )
