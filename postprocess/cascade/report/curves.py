"""Figures whose subject is a curve: compensated, with local slopes, with the slopes that theory offers."""
import numpy as np

from . import residuals, words
from .exponents import groups_of_zeta
from .style import (BLACK, BLUE, GREEN, LAW_COLOURS, LAW_DASHES, METHOD_MARKERS, ORANGE, PURPLE, at_right, band, expectation,
                    legend_above, log_scale, panels, plt, points, shades, slopes, spread)

ORDER_MARKERS = "osD^v<>Ph*"
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


def panel_title(key):
    return {"sampled": "Sampled points (virtual grid)", "grid": "On the grid"}.get(key[0], key[0]) + (
        f", {key[1]}" if key[1] else "")


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
            curve, shift, marker = report.curve(r), 1.5 ** i, ORDER_MARKERS[i % len(ORDER_MARKERS)]
            exponent = predicted(r) if predicted(r) is not None else measured(r)
            good = curve.y > 0
            flat = curve.y * curve.x ** -exponent
            level = np.median(flat[in_window(report, r)])
            if not good.any() or not np.isfinite(level):
                continue
            factor = curve.x ** -exponent / level * shift
            axis.axhline(shift, color="#bdbdbd", linewidth=0.8, zorder=1)
            expectation(axis, curve.x[good], (curve.expected * factor)[good], colour, False)
            points(axis, curve.x[good], (curve.y * factor)[good], (curve.standard_error * factor)[good], colour, marker,
                   hollow=key[0] == "grid", line=False)
            residuals.fitted(axis, strip, curve.x, curve.fitted * factor, curve.residual, colour, marker, key[0] == "grid", False)
            at_right(axis, shift, f"p = {words.plain(r['order'])}", colour)
        log_scale(axis, "x", 2)
        log_scale(axis, "y")
        axis.set_title(panel_title(key))
        strip.set_xlabel("separation r (box sides)")
        residuals.finish(strip)
        axis.yaxis.set_major_locator(plt.NullLocator())
    axes[0][0].set_ylabel("S$_p$(r) r$^{−ζ_p}$, each order shifted up")
    return figure, ("Structure functions divided by the predicted power of r: where theory holds, a curve lies flat on its grey "
                    "line. The broad pale line is the exact expectation for this very box and these levels, where one is known. "
                    "Bars are 95% intervals; the shaded range entered the fit." + residuals.SAID)


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
            ends.append((predicted(r) if predicted(r) is not None else measured(r), f"p = {words.plain(r['order'])}", colour))
        low, high = axis.get_ylim()
        for position, (_, label, colour) in zip(spread([e[0] for e in ends], (high - low) / 28), ends):
            at_right(axis, position, label, colour)
        log_scale(axis, "x", 2)
        axis.set(title=panel_title(key), xlabel="separation r (box sides)")
    axes[0][0].set_ylabel("d log S$_p$ / d log r")
    return figure, ("The slope between neighbouring points. Dashed lines: theory. Close to the largest and the smallest scale of "
                    "the field the slope bends away: that is the finite size, which the fit models and a straight line does not. "
                    "Broad pale lines: the slope that a box of this size must show, where it is known exactly." + SLOPE_BARS)


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
            chosen = [r for r in results if r["settings"].get("loss_power") == q and
                      (r["settings"].get("partition"), r["settings"].get("average")) == key]
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


#: (method, degree) -> marker: told apart without colour too
DEGREE_MARKERS = {("sampled", 0): "o", ("sampled", 1): "^", ("sampled", 2): "D", ("grid", 0): "s", ("grid", 1): "v", ("grid", 2): "P"}


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
            points(axis, curve.x[good], curve.y[good], curve.standard_error[good], colour, marker, label, hollow, line=False)
            residuals.fitted(axis, strip, curve.x, curve.fitted, curve.residual, colour, marker, hollow)
        curve = report.curve(longest)
        order = np.argsort(curve.x)
        x, y = curve.x[order], curve.y[order]
        start = np.flatnonzero(in_window(report, longest)[order])[0]
        reach = np.array([x[start], x[-1]])
        own = predicted(longest)
        if own is not None:
            axis.plot(reach, y[start] * falling(curve, reach, x[start], own), color=BLACK, linewidth=0.9, zorder=1,
                      label="law of this panel")
        for name, colour in LAW_COLOURS.items():
            law = report.law(name)
            if law is not None:
                axis.plot(reach, y[start] * falling(curve, reach, x[start], law), color=colour, dashes=LAW_DASHES[name], linewidth=1.4,
                          zorder=1.5, label=f"falls as {name}")
        log_scale(axis, "y")

    figure = for_each_loss_panel(report, 3.1, draw, strips=True)
    if figure is None:
        return None
    figure.supylabel("mean of |f − f$_N$|$^q$", fontsize=9)
    return figure, ("Error of the piecewise fit against the number of pieces, with 95% intervals. The blue and the red line start at "
                    "the first fitted point of the longest curve and fall as 2h/d and 4h/d: compare their steepness with the points. "
                    "Black: the law that approximation theory gives for the panel. Broad pale lines: the exact expectation of this field on "
                    "this grid, where one is known." + residuals.SAID)


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
                axis.axhline(report.law(name), color=colour, dashes=LAW_DASHES[name], linewidth=1.4, label=name, zorder=1.5)
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
    return figure, ("The same as slopes between neighbouring points (the axis is cut above). The shaded range entered the fit of the "
                    "longest curve. Slopes bend away at both ends, most of all on the small grid: that is the finite size of the "
                    "field, which the fits model." + SLOPE_BARS)


def curve_and_slope(report, results, compensate, names):
    """Left: the curve with its fit, divided by its law when `compensate`, residuals below; right: local slopes with the law."""
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
        points(left, curve.x[good], (curve.y * factor)[good], (curve.standard_error * factor)[good], colour, marker, label, hollow, False)
        residuals.fitted(left, strips[0][0], curve.x, curve.fitted * factor, curve.residual, colour, marker, hollow)
        slopes(right, curve.x[good], sign * curve.local_slope[good], curve.local_slope_error[good], colour, marker, hollow=hollow)
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
    figure = curve_and_slope(report, results, False, {
        "x": "side of a box s (box sides)", "y": "boxes that meet the set", "slope": "−d log N / d log s",
        "left": "Boxes counted"})
    return figure, ("Number of boxes of side s that meet the set, and its local slope, which is the box dimension of the set." + residuals.SAID
                    + SLOPE_BARS)


def spectrum(report):
    results = report.of_quantity("spectrum_slope")
    if not results:
        return None
    figure = curve_and_slope(report, results, True, {
        "x": "wavenumber k (waves a box)", "y": "E(k) / k$^{slope}$", "slope": "d log E / d log k",
        "left": "Spectrum divided by its law"})
    return figure, ("Shell-averaged energy spectrum, divided by the predicted power of k (flat where the law holds), and its slope."
                    + residuals.SAID + SLOPE_BARS)


def line_figure(part):
    figure, axes = panels(1, 1, 2.6)
    values = part.values[0]
    axes[0][0].plot((np.arange(len(values)) + 0.5) * part.spacing, values, color=BLUE, linewidth=0.5)
    axes[0][0].set(xlabel="x (box sides)", ylabel="field", xlim=(0, 1))
    return figure, "The field along its line."


def field_slice(report):
    part = report.slice
    if part is None or part.values.size == 0:
        return None
    if part.values.shape[0] == 1:
        return line_figure(part)
    shown = [(part.values, "Field", "field value")]
    if report.depth is not None:
        shown.append((report.depth.values, "Alive levels", "levels of eddies alive above the point"))
    figure, axes = panels(1, len(shown), 4.6, width=max(5.4, 4.6 * len(shown)))
    for axis, (values, title, label) in zip(axes[0], shown):
        signed = title == "Field"
        limit = float(np.nanpercentile(np.abs(values), 99.5)) or 1.0
        look = {"cmap": "RdBu_r", "vmin": -limit, "vmax": limit} if signed else {"cmap": "cividis"}
        image = axis.imshow(values, origin="lower", extent=(0, 1, 0, 1), interpolation="nearest", **look)
        axis.set(title=title, xlabel="x (box sides)", ylabel="y (box sides)")
        axis.grid(False)
        bar = figure.colorbar(image, ax=axis, orientation="horizontal", shrink=0.9, pad=0.02, aspect=40, extend="both" if signed else "neither")
        bar.outline.set_visible(False)
        bar.set_label(label)
    where = f"the plane z = {part.position:.3f}" if part.position > 0 else "the whole field"
    stride = f", every {part.stride}th point" if part.stride > 1 else ""
    depth = (" Right: how many consecutive levels of eddies are alive above each point; the deepest ones are the active set."
             if len(shown) > 1 else "")
    return figure, f"A look at {where}{stride}; colours are cut at the 99.5% quantile.{depth}"
