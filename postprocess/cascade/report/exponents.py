"""Figures whose subject is an exponent: one point a measurement, beside what the formulas say."""
import numpy as np

from . import words
from .style import BLACK, BLUE, GREY, LAW_COLOURS, LAW_DASHES, METHOD_MARKERS, ORANGE, WIDTH, panels, plt, spread


def interval(measured):
    """Half-widths below and above of the 95% interval."""
    value, error = measured.get("value"), measured.get("standard_error")
    ends = measured.get("interval95")
    if ends and None not in ends:
        return max(value - ends[0], 0), max(ends[1] - value, 0)
    return (1.96 * error, 1.96 * error) if words.known(error) else (0, 0)


def alphas(report):
    """Every α with a value, in the order of settings."""
    rows = [r for r in report.results if r["quantity"] == "alpha" and words.known(r["measured"].get("value"))]
    return sorted(rows, key=lambda r: words.setting_order(r["method"], r.get("settings")))


def decides(result):
    return result.get("status") in (None, "good", "widened")


def deciding(report):
    """The rows that the answer speaks of: of their partition and average, by the method that decides."""
    rows = alphas(report)
    told = set((report["answer"] or {}).get("results") or [])
    heads = [r for r in rows if r["id"] in told] or rows[:1]
    kinds = {
        ((r.get("settings") or {}).get("partition"), (r.get("settings") or {}).get("average"), r["method"])
        for r in heads
    }
    return [
        r
        for r in rows
        if ((r.get("settings") or {}).get("partition"), (r.get("settings") or {}).get("average"), r["method"]) in kinds
    ]


def answer_figure(report):
    """The figure of the first screen: few rows, large letters, readable on a telephone."""
    rows = deciding(report)
    if not rows:
        return None
    figure, seen = draw_rows(report, rows, 5.6, 0.95 + 0.44 * len(rows), two_lines=True)
    caption = "The exponents of the answer with their 95% intervals, mostly smaller than the point."
    if any(report.law(name) is not None for name in LAW_COLOURS):
        caption += " Lines: 2h/d and 4h/d."
    if any(r.get("predicted") and words.known(r["predicted"].get("value")) for r in rows):
        caption += " Black ticks: the law of approximation theory for that row; it holds where the tick lies under the point."
    else:
        caption += " No law is set beside them, as h and d are not known."
    if not all(map(decides, rows)):
        caption += " A cross through a point: its fit decides nothing."
    return figure, caption, seen


def against_formulas(report):
    """One row a setting: the measured alpha with its interval; ticks where the formulas stand."""
    rows = alphas(report)
    if not rows:
        return None
    figure, seen = draw_rows(report, rows, WIDTH, 0.9 + 0.24 * len(rows))
    return (
        figure,
        (
            "Each row is one way to measure α: filled points are sampled on a virtual grid, open squares on the grid of"
            " the field; bars are 95% intervals. Coloured lines: 2h/d (dashed) and 4h/d (dotted). Black ticks: the law"
            " of approximation theory for that row; light ticks: the other formulas that were tested. A formula is"
            " right in a row if its tick lies under the point. A cross through a point: its fit decides nothing."
        ),
        seen,
    )


def row_name(result, two_lines):
    text = words.setting(result["method"], result["settings"])
    if not two_lines:
        return text
    parts = text.split(", ")
    return ", ".join(parts[:2]) + "\n" + ", ".join(parts[2:]) if len(parts) > 3 else text


def draw_rows(report, rows, width, height, two_lines=False):
    """(figure, what is seen in words)."""
    predicted = {}
    for h in report.hypotheses:
        if words.known(h.get("predicted")):
            predicted.setdefault(h.get("result"), {})[h["id"]] = h["predicted"]
    figure, axes = panels(1, 1, height, width)
    axis = axes[0][0]
    laws = [report.law(name) for name in LAW_COLOURS]
    values = [r["measured"]["value"] for r in rows]
    top = (1.2 if two_lines else 1.12) * max(
        values + [law for law in laws if law is not None and law <= 4 * max(values)]
    )
    seen = []
    for i, r in enumerate(rows):
        for name, value in predicted.get(r["id"], {}).items():
            if name not in LAW_COLOURS and value <= top:
                axis.plot([value, value], [i - 0.22, i + 0.22], color="#c4c4c4", linewidth=1.2, zorder=1)
        own = r.get("predicted")
        if own and words.known(own.get("value")):
            axis.plot([own["value"]] * 2, [i - 0.42, i + 0.42], color=BLACK, linewidth=1.6, zorder=2)
        low, high = interval(r["measured"])
        axis.errorbar(
            r["measured"]["value"],
            i,
            xerr=[[low], [high]],
            fmt=METHOD_MARKERS.get(r["method"], "o"),
            color=BLACK,
            mfc="white" if r["method"] == "grid" else BLACK,
            elinewidth=1.3,
            markersize=5.2 if two_lines else 4.4,
            zorder=4,
        )
        if not decides(r):
            axis.plot(r["measured"]["value"], i, "x", color=GREY, markersize=9, zorder=5)
        text = words.with_error(r["measured"]["value"], r["measured"].get("standard_error"))
        if two_lines:
            axis.annotate(
                text,
                (r["measured"]["value"], i),
                xytext=(0, 8),
                textcoords="offset points",
                ha="center",
                fontsize=8.5,
                zorder=6,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
            )
        seen.append(
            f"{words.setting(r['method'], r['settings'])}: {text}"
            + (f", law {words.number(own['value'])}" if own and words.known(own.get("value")) else "")
        )
    drawn = [(name, law) for name, law in zip(LAW_COLOURS, laws) if law is not None and law <= top]
    close = len(drawn) == 2 and abs(drawn[0][1] - drawn[1][1]) < 0.22 * top
    for name, law in drawn:
        axis.axvline(law, color=LAW_COLOURS[name], dashes=LAW_DASHES[name], linewidth=1.5, zorder=1.5)
        side = "center" if not close else "right" if law == min(l for _, l in drawn) else "left"
        axis.annotate(
            f"{name} = {words.number(law, 3)}",
            (law, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 3),
            fontsize=8.5,
            textcoords="offset points",
            ha=side,
            color=LAW_COLOURS[name],
            annotation_clip=False,
        )
    axis.set_yticks(range(len(rows)), [row_name(r, two_lines) for r in rows], fontsize=8.2 if two_lines else 7.6)
    axis.set_ylim(len(rows) - (0.5 if two_lines else 0.4), -0.8 if two_lines else -0.6)
    axis.set_xlim(0, top)
    axis.grid(axis="y", visible=False)
    axis.set_xlabel("α, the exponent of error ~ N$^{−α}$")
    lines = " and ".join(f"{name} at {words.number(law, 3)}" for name, law in drawn)
    return figure, f"Measured α: {'; '.join(seen)}." + (f" Lines: {lines}." if lines else "")


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
        axis.plot(
            [z["order"] for z in zeta], [z["value"] for z in zeta], color=BLACK, linewidth=1.2, zorder=1, label="theory"
        )
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
    judged = any(np.isfinite(law_of(r)) for rows in groups.values() for r in rows)
    figure, axes = panels(1, 2, 3.5, gridspec_kw={"width_ratios": [1.15, 1]})
    left, right = axes[0]
    theory_line(left, report)
    if judged:
        right.axhline(0, color=BLACK, linewidth=1.2, zorder=1)
    else:  # nothing is promised of this field
        right.set_axis_off()
    offsets = spread(np.zeros(len(groups)), 0.12) - 0.06 * (len(groups) - 1)
    colours = [BLUE, ORANGE, "#009E73", "#CC79A7"]
    for (key, rows), offset, colour, marker in zip(
        sorted(groups.items(), key=str, reverse=True), offsets, colours * 3, "osD^v<>" * 3
    ):
        p = np.array([r["order"] for r in rows])
        value = np.array([r["measured"]["value"] for r in rows])
        bars = np.array([interval(r["measured"]) for r in rows]).T
        look = {
            "fmt": marker,
            "color": colour,
            "mfc": "white" if key[0] == "grid" else colour,
            "elinewidth": 1.1,
            "markersize": 4.4,
            "label": ", ".join(part for part in key if part),
            "zorder": 3,
        }
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
    if not judged:
        return figure, "Exponents of the structure functions, S_p(r) ~ r^ζ_p, with 95% intervals."
    right.set(
        xlabel="order p (shifted a little to part the methods)", ylabel="measured − theory", title="Distance to theory"
    )
    return (
        figure,
        (
            "Exponents of the structure functions, S_p(r) ~ r^ζ_p, with 95% intervals; on the right their distance to "
            "the theory of the field."
        ),
    )
