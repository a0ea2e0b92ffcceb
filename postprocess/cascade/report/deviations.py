"""How far each curve is from its exact expectation, scale by scale, and what one test over all its scales says."""
import numpy as np

from . import default, words
from .style import BLUE, GREEN, ORANGE, PURPLE, SKY, log_scale, panels

STAGES = {
    "zeta": ("Structure functions", "separation r (box sides)"),
    "spectrum_slope": ("Spectrum", "wavenumber k (waves a box)"),
    "dimension_box": ("Alive boxes", "side of a box s (box sides)"),
    "alpha": ("Piecewise fits", "pieces N"),
}
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY)


def p_value(result):
    value = (result.get("curve_test") or {}).get("p_value")
    return value if words.known(value) else None


def curve_name(result):
    name = words.setting(result["method"], result["settings"])
    return (
        f"p = {words.plain(result['order'])}, {name}" if result["quantity"] == "zeta" and result.get("order") else name
    )


def levels_of(result):
    """[(scale, z)] of a test made level by level."""
    test = result.get("curve_test") or {}
    return list(zip(test.get("at") or [], test.get("z") or []))


def deviations(report, result):
    """Scales and (measured - expected)/standard error; level by level for counted activity. The errors are those of the
    difference, given each realisation's activity, where there are realisations; else the curve's own."""
    levels = levels_of(result)
    if levels:
        return np.array([s for s, _ in levels]), np.array([z for _, z in levels])
    curve = report.curve(result)
    own = (curve.y - curve.expected) / curve.standard_error
    z = np.where(np.isfinite(curve.expected_z), curve.expected_z, own)
    good = np.isfinite(z) & ((curve.x > 0) | curve.linear_x) & (curve.standard_error > 1e-12 * np.abs(curve.y))
    return curve.x[good], z[good]


def repeated(report, result):
    """The oracle's partition of the active set shows the losses of the uniform one against other numbers of pieces."""
    return result["settings"].get("partition") == "oracle" and any(
        other["method"] == result["method"] and other["settings"] == {**result["settings"], "partition": "uniform"}
        for other in report.results
    )


def against_expectation(report):
    shown = {}
    for r in report.results:
        if repeated(report, r):
            continue
        x, z = deviations(report, r)
        if len(x) > 1:
            shown.setdefault(r["quantity"], []).append((r, x, z))
    if not shown:
        return None
    figure, axes = panels(len(shown), 1, 1.2 + 1.9 * len(shown))
    for axis, (quantity, curves) in zip(axes[:, 0], shown.items()):
        axis.axhspan(-2, 2, color="#f3f1ea", zorder=0, linewidth=0)
        axis.axhline(0, color="#bdbdbd", linewidth=0.8, zorder=1)
        for (r, x, z), colour, marker in zip(curves, COLOURS * len(curves), "osD^v<>Ph*" * len(curves)):
            axis.plot(
                x,
                z,
                marker,
                color=colour,
                linestyle="-",
                linewidth=0.5,
                markersize=3,
                mfc="white" if r["method"] == "grid" else colour,
                label=f"{curve_name(r)}: p = {words.p_value(p_value(r))}",
            )
        curve = report.curve(curves[0][0])
        if not (curve.linear_x or curve.log2_x and quantity not in STAGES):
            log_scale(axis, "x", 10 if quantity == "alpha" else 2)
        title, label = STAGES.get(quantity) or (
            default.title([r for r, _, _ in curves]),
            default.axis_label(curve.x_name, curve.x_unit),
        )
        axis.set(title=title, xlabel=label)
        reach = max(4.0, min(12.0, max(np.abs(z).max() for _, _, z in curves) * 1.1))
        axis.set_ylim(-reach, reach)
        axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=7)
    figure.supylabel("(measured − expected) / standard error", fontsize=9)
    return (
        figure,
        (
            "Every point against its exact expectation, in standard errors. The scales of one field are correlated, so"
            " a run of points on one side is one surprise, not many: the p-value is of all scales together (Hotelling's"
            " T² over independent realisations or trees; for alive boxes χ² of the levels, which are independent). The"
            " largest scales hold few eddies and are far from normal; they are drawn and not tested."
        ),
    )
