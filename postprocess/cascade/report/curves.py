"""Figures whose subject is a curve: what they share, and those of boxes and spectra."""

import numpy as np

from . import residuals, words
from .style import BLACK, BLUE, GREEN, ORANGE, band, expectation, log_scale, panels, points, slopes

SLOPE_BARS = " Bars of slopes are 95% intervals, blocks left out in turn."


def predicted(result):
    value = (result.get("predicted") or {}).get("value")
    return value if words.known(value) else None


def measured(result):
    return result["measured"].get("value")


def fit_range(result):
    """The ends of the fit on the curve's own axis, or None."""
    ends = (result.get("fit") or {}).get("window") or []
    if len(ends) != 2 or None in ends or min(ends) <= 0:
        return None
    return min(ends) * 0.999, max(ends) * 1.001


def in_window(report, result):
    """Points of the curve inside the fit's range; all of them when it is not known."""
    curve, ends = report.curve(result), fit_range(result)
    inside = np.isfinite(curve.y) & (curve.y > 0) & (curve.x > 0)
    if ends is not None:
        chosen = inside & (curve.x >= ends[0]) & (curve.x <= ends[1])
        inside = chosen if chosen.any() else inside
    return inside


def curve_and_slope(report, results, compensate, names):
    """Left: the curve with its fit, divided by its law when `compensate`, residuals below; right: local slopes."""
    figure, axes, strips = residuals.panels(1, 2, 3.9)
    strips[0][1].remove()
    left, right = axes[0]
    right.tick_params(labelbottom=True)
    shown = []
    for axis in (left, right):
        band(axis, fit_range(max(results, key=lambda r: len(report.curve(r)))))
    for r, colour, marker in zip(results, [BLUE, ORANGE, GREEN, BLACK] * 3, "osD^v<>" * 3):
        curve, law = report.curve(r), predicted(r)
        sign, hollow = -1 if r["quantity"] == "dimension_box" else 1, r["method"] == "grid"
        slope = sign * (law if law is not None else measured(r) or 0)
        factor = curve.x ** -slope if compensate else np.ones(len(curve))
        good = (curve.y > 0) & (curve.x > 0)
        label = words.setting(r["method"], r["settings"])
        expectation(left, curve.x[good], (curve.expected * factor)[good], colour)
        expectation(right, curve.x[good], sign * curve.expected_slope[good], colour)
        points(
            left,
            curve.x[good],
            (curve.y * factor)[good],
            (curve.standard_error * factor)[good],
            colour,
            marker,
            label,
            hollow,
            False,
        )
        residuals.fitted(left, strips[0][0], curve.x, curve.fitted * factor, curve.residual, colour, marker, hollow)
        slopes(
            right,
            curve.x[good],
            sign * curve.local_slope[good],
            curve.local_slope_error[good],
            colour,
            marker,
            hollow=hollow,
        )
        shown.append(sign * curve.local_slope[in_window(report, r)])
        if law is not None:
            shown.append([law])
            right.axhline(law, color=BLACK, linewidth=1.2, zorder=1, label=f"theory: {words.number(law)}")
    for axis in (left, right):
        log_scale(axis, "x", 2)
    for axis in (strips[0][0], right):
        axis.set_xlabel(names["x"])
    if not compensate:
        log_scale(left, "y")
    shown = np.concatenate(shown)
    shown = shown[np.isfinite(shown)]
    if len(shown):  # the scales that count fill the panel; the ends of the curve may leave it
        low, high = np.quantile(shown, [0.02, 0.98]) if len(shown) > 50 else (shown.min(), shown.max())
        margin, middle = 0.02 + 0.6 * (high - low), float(np.median(shown))
        reach = 6 * max(1.0, abs(middle))  # neighbouring shells of one realisation scatter without end
        right.set_ylim(max(low - margin, middle - reach), min(high + margin, middle + reach))
    residuals.finish(strips[0][0])
    left.set(ylabel=names["y"], title=names["left"])
    right.set(ylabel=names["slope"], title="Local slope")
    for axis in (left, right):
        handles, labels = axis.get_legend_handles_labels()
        unique = dict(zip(labels, handles))
        if unique:
            axis.legend(unique.values(), unique.keys(), loc="best")
    return figure


def boxes(report):
    results = report.of_quantity("dimension_box")
    if not results:
        return None
    figure = curve_and_slope(
        report,
        results,
        False,
        {
            "x": "side of a box s (box sides)",
            "y": "boxes that meet the set",
            "slope": "−d log N / d log s",
            "left": "Boxes counted",
        },
    )
    return figure, (
        "Number of boxes of side s that meet the set, and its local slope, which is the box dimension of the set."
        + residuals.SAID
        + SLOPE_BARS
    )


def spectrum(report):
    results = report.of_quantity("spectrum_slope")
    if not results:
        return None
    figure = curve_and_slope(
        report,
        results,
        True,
        {
            "x": "wavenumber k (waves a box)",
            "y": "E(k) / k$^{slope}$",
            "slope": "d log E / d log k",
            "left": "Spectrum divided by its law",
        },
    )
    return figure, (
        "Shell-averaged energy spectrum, divided by the predicted power of k (flat where the law holds), and its slope."
        + residuals.SAID
        + SLOPE_BARS
    )
