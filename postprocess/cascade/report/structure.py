"""Figures of structure functions: compensated, and their local slopes."""

import numpy as np

from . import residuals, words
from .curves import SLOPE_BARS, predicted, measured, fit_range, in_window
from .exponents import groups_of_zeta
from .style import at_right, band, expectation, log_scale, panels, plt, points, shades, slopes, spread

ORDER_MARKERS = "osD^v<>Ph*"


def panel_title(key):
    return {"sampled": "Sampled points (virtual grid)", "grid": "On the grid"}.get(key[0], key[0]) + (
        f", {key[1]}" if key[1] else ""
    )


def structure_groups(report):
    groups = {key: [r for r in rows if len(report.curve(r)) > 1] for key, rows in groups_of_zeta(report).items()}
    return [(key, rows) for key, rows in sorted(groups.items(), key=str, reverse=True) if rows]


def structure(report):
    groups = structure_groups(report)
    if not groups:
        return None
    figure, axes, strips = residuals.panels(1, len(groups), 4.6, sharey=True)
    for axis, strip, (key, rows) in zip(axes[0], strips[0], groups):
        band(axis, fit_range(rows[min(1, len(rows) - 1)]))
        for i, (r, colour) in enumerate(zip(rows, shades(len(rows)))):
            curve, shift, marker = report.curve(r), 1.5**i, ORDER_MARKERS[i % len(ORDER_MARKERS)]
            exponent = predicted(r) if predicted(r) is not None else measured(r)
            good = curve.y > 0
            flat = curve.y * curve.x**-exponent
            level = np.median(flat[in_window(report, r)])
            if not good.any() or not np.isfinite(level):
                continue
            factor = curve.x**-exponent / level * shift
            axis.axhline(shift, color="#bdbdbd", linewidth=0.8, zorder=1)
            expectation(axis, curve.x[good], (curve.expected * factor)[good], colour, False)
            points(
                axis,
                curve.x[good],
                (curve.y * factor)[good],
                (curve.standard_error * factor)[good],
                colour,
                marker,
                hollow=key[0] == "grid",
                line=False,
            )
            residuals.fitted(
                axis, strip, curve.x, curve.fitted * factor, curve.residual, colour, marker, key[0] == "grid", False
            )
            at_right(axis, shift, f"p = {words.plain(r['order'])}", colour)
        log_scale(axis, "x", 2)
        log_scale(axis, "y")
        axis.set_title(panel_title(key))
        strip.set_xlabel("separation r (box sides)")
        residuals.finish(strip)
        axis.yaxis.set_major_locator(plt.NullLocator())
    axes[0][0].set_ylabel("S$_p$(r) r$^{−ζ_p}$, each order shifted up")
    judged = any(predicted(r) is not None for _, rows in groups for r in rows)
    return figure, (
        f"Structure functions divided by the {'predicted' if judged else 'measured'} power of r: where "
        f"{'theory' if judged else 'that power'} holds, a curve lies flat on its grey line. The broad pale line is the exact expectation for this very box and these levels, where one is known. "
        "Bars are 95% intervals; the shaded range entered the fit."
        + residuals.SAID
    )


def structure_slopes(report):
    groups = structure_groups(report)
    if not groups:
        return None
    figure, axes = panels(1, len(groups), 3.9, sharey=True)
    for axis, (key, rows) in zip(axes[0], groups):
        band(axis, fit_range(rows[min(1, len(rows) - 1)]))
        ends = []
        for r, colour, marker in zip(rows, shades(len(rows)), ORDER_MARKERS * 9):
            curve = report.curve(r)
            expectation(axis, curve.x, curve.expected_slope, colour, False)
            slopes(axis, curve.x, curve.local_slope, curve.local_slope_error, colour, marker, hollow=key[0] == "grid")
            if predicted(r) is not None:
                axis.axhline(predicted(r), color=colour, linewidth=1.0, linestyle=(0, (5, 3)), zorder=1)
            ends.append(
                (predicted(r) if predicted(r) is not None else measured(r), f"p = {words.plain(r['order'])}", colour)
            )
        low, high = axis.get_ylim()
        for position, (_, label, colour) in zip(spread([e[0] for e in ends], (high - low) / 28), ends):
            at_right(axis, position, label, colour)
        log_scale(axis, "x", 2)
        axis.set(title=panel_title(key), xlabel="separation r (box sides)")
    axes[0][0].set_ylabel("d log S$_p$ / d log r")
    return figure, (
        "The slope between neighbouring points. Dashed lines: theory. Close to the largest and the smallest scale of "
        "the field the slope bends away: that is the finite size, which the fit models and a straight line does not. "
        "Broad pale lines: the slope that a box of this size must show, where it is known exactly."
        + SLOPE_BARS
    )
