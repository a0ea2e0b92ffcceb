"""The figure of a curve that no other figure draws: its own axes, errors, expectation and fit, as the result states them.
A new quantity is seen on the page without a line of Python."""
import re

import numpy as np

from . import residuals, words
from .style import BLACK, BLUE, GREEN, GREY, MARKERS, ORANGE, PURPLE, RED, SKY, band, expectation, legend_above, log_scale_of, plt, points, slopes

COLOURS = [BLUE, ORANGE, GREEN, PURPLE, SKY, RED, BLACK, GREY]
MOST_IN_FRAME = 5  # names of curves that a frame has room for


def groups(report, drawn_elsewhere):
    """figure name -> results of one quantity of one measurement on the same axes, for every curve that `drawn_elsewhere`
    does not hold. Where a quantity has curves on several axes, the names end in those of the axes."""
    alike = {}
    for r in report.results:
        curve = report.curve(r)
        if len(curve) > 1 and not drawn_elsewhere(r):
            axes = (curve.x_name, curve.x_unit, curve.y_name, curve.y_unit)
            alike.setdefault((r.get("stage") or "result", r["quantity"]), {}).setdefault(axes, []).append(r)
    found = {}
    for words_of_it, by_axes in alike.items():
        for axes, results in by_axes.items():
            said = [*words_of_it, *([axes[2], axes[0]] if len(by_axes) > 1 else [])]
            name = plain = re.sub(r"[^A-Za-z0-9]+", "_", "_".join(said)).strip("_")
            same = 2
            while name in found:
                name, same = f"{plain}_{same}", same + 1
            found[name] = results
    return found


def axis_label(name, unit):
    """The axis of a curve with its unit."""
    return name if unit in ("", "1") else f"{name} ({unit})"


def labels(results):
    """What tells the curves of one figure apart."""
    said = [words.setting(r["method"], r.get("settings")) for r in results]
    orders = {r.get("order") for r in results}
    if len(orders) > 1:
        said = [f"{words.quantity(r)}, {text}" if text else words.quantity(r) for r, text in zip(results, said)]
    if len(set(said)) == len(said):
        return said
    # "flatness of increments, r = 0.1" and "..., r = 0.2": what the title says beside the quantity.
    own = [(r.get("title") or "").removeprefix(words.quantity(r)).strip(", ") for r in results]
    said = [", ".join(part for part in (title, text) if part) for title, text in zip(own, said)]
    return said if len(set(said)) == len(said) and all(said) else [r["id"] for r in results]


def window(result):
    ends = (result.get("fit") or {}).get("window") or []
    return tuple(ends) if len(ends) == 2 and None not in ends and ends[0] < ends[1] else None


def set_scale(axis, which, linear, values):
    """As the curve says; a logarithm has no place for what is not positive."""
    finite = values[np.isfinite(values)]
    if linear or not len(finite) or finite.min() <= 0:
        return
    log_scale_of(axis, which, finite)


def drawable(curve, power):
    """Which points have a place on the axes; increments of a flow without any across it have none."""
    shown = np.isfinite(curve.x) & np.isfinite(curve.y)
    return shown & (curve.y > 0) & ((curve.x > 0) | curve.log2_x) if power else shown


def drawer(results):
    """The function that draws these results in one figure, in the form figures.py wants."""

    def draw(report):
        curves = [report.curve(r) for r in results]
        first = curves[0]
        power = not (
            first.linear_x or first.linear_y
        )  # a slope between neighbours means something on logarithmic axes only
        if not any(drawable(c, power).any() for c in curves):
            return None
        sloped = power and any(np.isfinite(c.local_slope).any() for c in curves)
        figure, axes, strips = residuals.panels(1, 2 if sloped else 1, 3.9)
        left, strip = axes[0][0], strips[0][0]
        if sloped:
            strips[0][1].remove()
            axes[0][1].tick_params(labelbottom=True)
        said = False
        for r, curve, label, colour, marker in zip(results, curves, labels(results), COLOURS * (1 + len(curves) // 8), MARKERS * (1 + len(curves) // 11)):
            shown = drawable(curve, power)
            expectation(left, curve.x[shown], curve.expected[shown], colour, not said)
            said = said or np.isfinite(curve.expected[shown]).sum() > 1
            points(left, curve.x[shown], curve.y[shown], curve.standard_error[shown], colour, marker, label)
            residuals.fitted(left, strip, curve.x, curve.fitted, curve.residual, colour, marker, label=False)
            if sloped:
                expectation(axes[0][1], curve.x, curve.expected_slope, colour)
                slopes(axes[0][1], curve.x, curve.local_slope, curve.local_slope_error, colour, marker)
        residuals.finish(strip)
        everything = np.concatenate([c.x for c in curves]), np.concatenate([c.y for c in curves])
        fitted = next((ends for ends in map(window, results) if ends), None)
        for axis in axes[0]:
            band(axis, fitted)
            set_scale(axis, "x", first.linear_x or first.log2_x, everything[0])
        for axis in [strip, *axes[0][1:]]:
            axis.set_xlabel(axis_label(first.x_name, first.x_unit))
        set_scale(left, "y", first.linear_y, everything[1])
        left.set_ylabel(axis_label(first.y_name, first.y_unit))
        if len(curves) > MOST_IN_FRAME:
            handles, said_labels = left.get_legend_handles_labels()
            figure.set_figheight(figure.get_figheight() + 0.1 + 0.19 * -(-len(said_labels) // 4))
            legend_above(figure, handles, said_labels, 4)
        else:
            left.legend(loc="best")
        if sloped:
            axes[0][1].set_ylabel(f"d log {first.y_name} / d log {first.x_name}")
            axes[0][1].set_title("Local slope")
            low, high = axes[0][1].get_ylim()
            if high - low < 1e-3:  # one slope everywhere: its roundoff is not to be looked at
                axes[0][1].set_ylim(0.5 * (low + high) - 0.5, 0.5 * (low + high) + 0.5)
        return figure, caption(results, curves, fitted)

    return draw


def caption(results, curves, fitted):
    value = "; ".join(
        f"{label}: {words.quantity(r)} ="
        f" {words.with_error(r['measured'].get('value'), r['measured'].get('standard_error'))}"
        for r, label in zip(results, labels(results))
        if words.known(r["measured"].get("value"))
    )
    text = f"{curves[0].y_name} against {curves[0].x_name}, as measured. Bars are 95% intervals."
    if fitted:
        text += " The shaded range entered the fit."
    if any(np.isfinite(c.expected).any() for c in curves):
        text += " Broad pale lines: the exact expectation, where one is known."
    if any(np.isfinite(c.fitted).any() for c in curves):
        text += residuals.SAID
    return text + (f" {value}." if value else "")


def titles(report, found):
    """figure name -> title; those of one quantity are told apart by their axes."""
    plain = {name: title(results) for name, results in found.items()}
    said = {}
    for name, results in found.items():
        text = plain[name]
        if list(plain.values()).count(text) > 1:
            curve = report.curve(results[0])
            text = f"{text}: {words.prose(curve.y_name)} against {words.prose(curve.x_name)}"
        same = 2
        while text in said.values():
            text, same = f"{plain[name]} ({same})", same + 1
        said[name] = text
    return said


def title(results):
    """The quantity, as a title."""
    name = words.quantity({**results[0], "order": None if len(results) > 1 else results[0].get("order")}).replace(
        "_", " "
    )
    return name[:1].upper() + name[1:] if len(name) > 1 else name
