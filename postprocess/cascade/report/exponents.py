"""Figures whose subject is an exponent: one point a measurement, beside what the formulas say."""
import numpy as np

from . import words
from .style import BLACK, BLUE, GREY, LAW_COLOURS, METHOD_MARKERS, ORANGE, panels, plt, spread


def interval(measured):
    """Half-widths below and above of the 95% interval."""
    value, error = measured.get("value"), measured.get("standard_error")
    ends = measured.get("interval95")
    if ends and None not in ends:
        return max(value - ends[0], 0), max(ends[1] - value, 0)
    return (1.96 * error, 1.96 * error) if words.known(error) else (0, 0)


def against_formulas(report):
    """One row a setting: the measured alpha with its interval; ticks where the formulas stand."""
    rows = [r for r in report.results if r["quantity"] == "alpha" and words.known(r["measured"].get("value"))]
    if not rows:
        return None
    rows.sort(key=lambda r: words.setting_order(r["method"], r["settings"]))
    predicted = {}
    for h in report.hypotheses:
        if words.known(h.get("predicted")):
            predicted.setdefault(h.get("result"), {})[h["id"]] = h["predicted"]
    figure, axes = panels(1, 1, 0.9 + 0.24 * len(rows))
    axis = axes[0][0]
    laws = [report.law(name) for name in LAW_COLOURS]
    values = [r["measured"]["value"] for r in rows]
    top = 1.12 * max(values + [law for law in laws if law is not None])
    for i, r in enumerate(rows):
        for name, value in predicted.get(r["id"], {}).items():
            if name not in LAW_COLOURS and value <= top:
                axis.plot([value, value], [i - 0.3, i + 0.3], color="#c4c4c4", linewidth=1.2, zorder=1)
        own = r.get("predicted")
        if own and words.known(own.get("value")):
            axis.plot([own["value"]] * 2, [i - 0.42, i + 0.42], color=BLACK, linewidth=1.6, zorder=2,
                      label="law of approximation theory for this row" if i == 0 else None)
        low, high = interval(r["measured"])
        axis.errorbar(r["measured"]["value"], i, xerr=[[low], [high]], fmt=METHOD_MARKERS.get(r["method"], "o"), color=BLACK,
                      mfc="white" if r["method"] == "grid" else BLACK, elinewidth=1.3, markersize=4.4, zorder=4)
    for name, law in zip(LAW_COLOURS, laws):
        if law is not None and law <= top:
            axis.axvline(law, color=LAW_COLOURS[name], linewidth=1.3, zorder=1.5)
            axis.annotate(f"{name} = {law:.3f}", (law, 1), xycoords=("data", "axes fraction"), xytext=(0, 3), fontsize=8,
                          textcoords="offset points", ha="center", color=LAW_COLOURS[name])
    axis.set_yticks(range(len(rows)), [words.setting(r["method"], r["settings"]) for r in rows], fontsize=7.6)
    axis.set_ylim(len(rows) - 0.4, -0.6)
    axis.set_xlim(0, top)
    axis.grid(axis="y", visible=False)
    axis.set_xlabel("α, the exponent of error ~ N^(−α)")
    return figure, (
        "Each row is one way to measure α: filled points are sampled on a virtual grid, open squares on the grid of the field; "
        "bars are 95% intervals. Coloured lines: 2h/d and 4h/d. Black ticks: the law of approximation theory for that row; "
        "light ticks: the other formulas that were tested. A formula is right in a row if its tick lies under the point.")


def groups_of_zeta(report):
    """(method, component) -> results in the order of p."""
    groups = {}
    for r in report.results:
        if r["quantity"] == "zeta" and r.get("order") is not None and words.known(r["measured"].get("value")):
            groups.setdefault((r["method"], (r.get("settings") or {}).get("component")), []).append(r)
    return {key: sorted(rows, key=lambda r: r["order"]) for key, rows in groups.items()}


def theory_line(axis, report):
    zeta = [z for z in report.theory.get("zeta") or [] if words.known(z.get("value")) and words.known(z.get("order"))]
    zeta.sort(key=lambda z: z["order"])
    if zeta:
        axis.plot([z["order"] for z in zeta], [z["value"] for z in zeta], color=BLACK, linewidth=1.2, zorder=1,
                  label="theory")
    space, dimension = report.theory.get("embedding_dimension"), report.theory.get("dimension")
    if zeta and space == 3 and words.known(dimension) and dimension < 3:
        ends = [zeta[0]["order"], zeta[-1]["order"]]
        axis.plot(ends, [p / 3 for p in ends], color=GREY, linewidth=0.9, linestyle="--", zorder=1, label="p/3 (K41)")


def law_of(result):
    value = (result.get("predicted") or {}).get("value")
    return value if words.known(value) else np.nan


def zeta(report):
    groups = groups_of_zeta(report)
    if not groups:
        return None
    figure, axes = panels(1, 2, 3.5, gridspec_kw={"width_ratios": [1.15, 1]})
    left, right = axes[0]
    theory_line(left, report)
    right.axhline(0, color=BLACK, linewidth=1.2, zorder=1)
    offsets = spread(np.zeros(len(groups)), 0.12) - 0.06 * (len(groups) - 1)
    colours = [BLUE, ORANGE, "#009E73", "#CC79A7"]
    for (key, rows), offset, colour in zip(sorted(groups.items(), key=str, reverse=True), offsets, colours * 3):
        p = np.array([r["order"] for r in rows])
        value = np.array([r["measured"]["value"] for r in rows])
        bars = np.array([interval(r["measured"]) for r in rows]).T
        look = {"fmt": METHOD_MARKERS.get(key[0], "o"), "color": colour, "mfc": "white" if key[0] == "grid" else colour,
                "elinewidth": 1.1, "markersize": 4.4, "label": ", ".join(part for part in key if part), "zorder": 3}
        left.errorbar(p, value, yerr=bars, **look)
        law = np.array([law_of(r) for r in rows])
        has = np.isfinite(law)
        if has.any():
            right.errorbar((p + offset)[has], (value - law)[has], yerr=bars[:, has], **look)
    for axis in (left, right):
        axis.xaxis.set_major_locator(plt.MaxNLocator(integer=True))
    left.set(xlabel="order p", ylabel="ζ$_p$", title="Exponent of order p")
    left.set_ylim(bottom=min(0, left.get_ylim()[0]))
    left.legend(loc="upper left")
    right.set(xlabel="order p (shifted a little to part the methods)", ylabel="measured − theory", title="Distance to theory")
    return figure, ("Exponents of the structure functions, S_p(r) ~ r^ζ_p, with 95% intervals; on the right their distance to "
                    "the theory of the field.")
