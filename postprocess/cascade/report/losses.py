"""Figures of losses against the number of pieces, with the slopes that theory offers."""

import numpy as np

from . import residuals, words
from .curves import SLOPE_BARS, predicted, fit_range, in_window
from .style import (
    BLACK,
    GREEN,
    LAW_COLOURS,
    LAW_DASHES,
    METHOD_MARKERS,
    ORANGE,
    PURPLE,
    band,
    expectation,
    legend_above,
    log_scale,
    panels,
    points,
    slopes,
)

#: (method, degree) -> marker: told apart without colour too
DEGREE_MARKERS = {
    ("sampled", 0): "o",
    ("sampled", 1): "^",
    ("sampled", 2): "D",
    ("grid", 0): "s",
    ("grid", 1): "v",
    ("grid", 2): "P",
}


def loss_rows(report):
    """[(partition, average)] and [q] that have curves, the adaptive active set first."""
    results = report.of_quantity("alpha")
    keys = {(r["settings"].get("partition"), r["settings"].get("average")) for r in results}
    powers = sorted({r["settings"].get("loss_power") for r in results}, key=lambda q: (q is None, q))
    return results, sorted(keys, key=lambda key: (key != ("adaptive", "active"), str(key))), powers


def log_range(curve):
    """Natural logarithm of the ratio of the ends of the curve's x."""
    return np.ptp(curve.x) * np.log(2) if curve.log2_x else np.ptp(np.log(curve.x))


def falling(curve, x, start, law):
    """N^-law relative to `start`, on the curve's own axis."""
    return 2.0 ** (-law * (x - start)) if curve.log2_x else (x / start) ** -law


def for_each_loss_panel(report, height, draw, strips=False):
    results, keys, powers = loss_rows(report)
    if not results:
        return None
    logarithms = any(report.curve(r).log2_x for r in results)  # of all curves: of points scattered in many dimensions
    if strips:
        figure, axes, below = residuals.panels(len(keys), len(powers), height + (0.6 if len(keys) == 1 else 0))
    else:
        figure, axes = panels(len(keys), len(powers), 0.5 + height * len(keys) + (0.6 if len(keys) == 1 else 0))
        below = axes
    for row, low, key in zip(axes, below, keys):
        for axis, strip, q in zip(row, low, powers):
            chosen = [
                r
                for r in results
                if r["settings"].get("loss_power") == q
                and (r["settings"].get("partition"), r["settings"].get("average")) == key
            ]
            if not logarithms:
                log_scale(axis, "x")
            axis.set_title(words.setting("", {"partition": key[0], "average": key[1], "loss_power": q}))
            if chosen:
                draw(axis, strip, chosen)
            else:
                axis.set_axis_off()
                strip.set_axis_off()
            if strips and chosen:
                residuals.finish(strip)
    for axis in below[-1]:
        axis.set_xlabel("log$_2$ of the number of pieces N" if logarithms else "number of pieces N")
    handles, labels = [], []
    for axis in axes.flat:
        for handle, label in zip(*axis.get_legend_handles_labels()):
            if label not in labels:
                handles.append(handle)
                labels.append(label)
    legend_above(figure, handles, labels, min(len(labels), 4))
    return figure


def degree_look(result):
    degree, method = result["settings"].get("degree"), result["method"]
    colour = {0: BLACK, 1: GREEN, 2: ORANGE}.get(degree, PURPLE)
    label = f"degree {degree}, {method}" if degree is not None else method
    return colour, DEGREE_MARKERS.get((method, degree), METHOD_MARKERS.get(method, "o")), label, method == "grid"


def loss(report):
    def draw(axis, strip, chosen):
        longest = max(chosen, key=lambda r: (log_range(report.curve(r)), -(r["settings"].get("degree") or 0)))
        for r in chosen:
            curve = report.curve(r)
            good = curve.y > 0
            colour, marker, label, hollow = degree_look(r)
            expectation(axis, curve.x[good], curve.expected[good], colour)
            points(
                axis,
                curve.x[good],
                curve.y[good],
                curve.standard_error[good],
                colour,
                marker,
                label,
                hollow,
                line=False,
            )
            residuals.fitted(axis, strip, curve.x, curve.fitted, curve.residual, colour, marker, hollow)
        curve = report.curve(longest)
        order = np.argsort(curve.x)
        x, y = curve.x[order], curve.y[order]
        start = np.flatnonzero(in_window(report, longest)[order])[0]
        reach = np.array([x[start], x[-1]])
        own = predicted(longest)
        if own is not None:
            axis.plot(
                reach,
                y[start] * falling(curve, reach, x[start], own),
                color=BLACK,
                linewidth=0.9,
                zorder=1,
                label="law of this panel",
            )
        for name, colour in LAW_COLOURS.items():
            law = report.law(name)
            if law is not None:
                axis.plot(
                    reach,
                    y[start] * falling(curve, reach, x[start], law),
                    color=colour,
                    dashes=LAW_DASHES[name],
                    linewidth=1.4,
                    zorder=1.5,
                    label=f"falls as {name}",
                )
        log_scale(axis, "y")

    figure = for_each_loss_panel(report, 3.1, draw, strips=True)
    if figure is None:
        return None
    figure.supylabel("mean of |f − f$_N$|$^q$", fontsize=9)
    return figure, (
        "Error of the piecewise fit against the number of pieces, with 95% intervals. The blue and the red line start"
        " at the first fitted point of the longest curve and fall as 2h/d and 4h/d: compare their steepness with the"
        " points. Black: the law that approximation theory gives for the panel. Broad pale lines: the exact expectation"
        " of this field on this grid, where one is known."
        + residuals.SAID
    )


def loss_slopes(report):
    def draw(axis, _, chosen):
        band(axis, fit_range(max(chosen, key=lambda r: log_range(report.curve(r)))))
        for r in chosen:
            curve = report.curve(r)
            colour, marker, label, hollow = degree_look(r)
            ladder = log_range(curve) > 0.4 * len(curve)  # thresholds can crowd: a line would only zigzag there
            expectation(axis, curve.x, -curve.expected_slope, colour)
            slopes(axis, curve.x, -curve.local_slope, curve.local_slope_error, colour, marker, label, hollow, ladder)
        for name, colour in LAW_COLOURS.items():
            if report.law(name) is not None:
                axis.axhline(
                    report.law(name), color=colour, dashes=LAW_DASHES[name], linewidth=1.4, label=name, zorder=1.5
                )
        own = predicted(chosen[0])
        if own is not None:
            axis.axhline(own, color=BLACK, linewidth=0.9, label="law of this panel", zorder=1)
        known = [law for law in (report.law("2h/d"), report.law("4h/d"), own) if law]
        if known:
            axis.set_ylim(0, 1.7 * max(known))

    figure = for_each_loss_panel(report, 2.1, draw)
    if figure is None:
        return None
    figure.supylabel("local α = −d log error / d log N", fontsize=9)
    return figure, (
        "The same as slopes between neighbouring points (the axis is cut above). The shaded range entered the fit of"
        " the longest curve. Slopes bend away at both ends, most of all on the small grid: that is the finite size of"
        " the field, which the fits model."
        + SLOPE_BARS
    )
