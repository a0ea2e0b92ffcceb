"""Figures of a campaign (schema cascade-campaign/1)."""
import numpy as np

from . import words
from .style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    LAW_COLOURS,
    LAW_DASHES,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    at_right,
    panels,
    plt,
    shades,
)

COLOURS = [BLUE, ORANGE, GREEN, PURPLE, SKY, RED]
MARKERS = "osD^v<>"
DASHES = ("-", "--", "-.")


def is_campaign(report):
    return str(report["schema"]).startswith("cascade-campaign/")


def adaptive(s):
    return s["partition"] == "adaptive" and s["average"] == "active"


def chosen(report):
    """The settings whose law is c h/d, of all families; adaptive pieces on the active set first, and none of the oracle's
    where there are such."""
    pooled = [c for c in report["coefficients"] or [] if c["family"] == "all" and c["law_is_c_h_over_d"]]
    if any(adaptive(c["settings"]) for c in pooled):
        pooled = [c for c in pooled if c["settings"]["partition"] != "oracle"]
    return sorted(pooled, key=lambda c: not adaptive(c["settings"]))


def kinds(coefficients):
    """'adaptive partition, active set; uniform partition, whole volume'"""
    names = []
    for c in coefficients:
        name = words.setting(None, {key: c["settings"][key] for key in ("partition", "average")})
        if name not in names:
            names.append(name)
    return "; ".join(names)


def members(report, result):
    """(case, alpha) of every case that measured this setting."""
    return [
        (case, a)
        for case in report["cases"] or []
        for a in case["alphas"]
        if a["result"] == result and words.known(a["alpha"]) and words.known(a["standard_error"])
    ]


def families(report):
    names = []
    for case in report["cases"] or []:
        if case["family"] not in names:
            names.append(case["family"])
    return names


def look(report, case, degree):
    place = families(report).index(case["family"])
    colour = COLOURS[place % len(COLOURS)]
    return {
        "fmt": MARKERS[place % len(MARKERS)],
        "color": colour,
        "mfc": colour if degree == 0 else "white",
        "markersize": 3.8,
        "mew": 0.8,
        "elinewidth": 0.8,
        "linestyle": "none",
        "zorder": 3,
    }


def settings_by_power(report):
    powers = {}
    for c in chosen(report):
        powers.setdefault(c["settings"]["loss_power"], []).append(c)
    return dict(sorted(powers.items()))


def laws(axis, largest):
    ends = np.array([0, largest])
    for name, slope in (("2h/d", 2), ("4h/d", 4)):
        axis.plot(ends, slope * ends, color=LAW_COLOURS[name], dashes=LAW_DASHES[name], linewidth=1.2, zorder=1)
        at_right(axis, slope * largest, name, LAW_COLOURS[name])


def draw_cases(axis, report, settings, value, seen):
    """One point a case; what is near saturation is drawn in grey and not fitted."""
    for c in settings:
        for case, a in members(report, c["result"]):
            degree = c["settings"]["degree"] or 0
            style = look(report, case, degree)
            if a["regime"] == "near saturation":
                style.update(color="#c4c4c4", mfc="white", zorder=2)
            label = f"{case['family']}, degree {degree}"
            y, error = value(case, a)
            axis.errorbar(case["h_over_d"], y, yerr=1.96 * error, label=label if label not in seen else None, **style)
            seen.add(label)


def against_h_over_d(report):
    powers = settings_by_power(report)
    if not powers:
        return None
    figure, axes = panels(1, len(powers), 3.7, 6.8)
    for axis, (q, settings) in zip(axes[0], powers.items()):
        draw_cases(axis, report, settings, lambda case, a: (a["alpha"], a["standard_error"]), set())
        largest = 1.04 * max(case["h_over_d"] for c in settings for case, _ in members(report, c["result"]))
        laws(axis, largest)
        axis.set(xlim=(0, largest), ylim=(0, 4.2 * largest), xlabel="h/d", title=f"loss |error|$^{q:g}$")
    axes[0][0].set_ylabel("α, measured")
    axes[0][0].legend(loc="upper left", fontsize=7)
    return (
        figure,
        (
            f"The measured exponent of every case against h/d ({kinds(chosen(report))}), with 95% bars, mostly smaller"
            " than the points; filled: constants, open: linear pieces. The lines are the two laws to be told apart."
            " Grey: near saturation, left out of the fits."
        ),
    )


def residuals(report):
    powers = settings_by_power(report)
    if not powers:
        return None
    figure, axes = panels(1, len(powers), 3.6)
    for axis, (q, settings) in zip(axes[0], powers.items()):
        draw_cases(
            axis,
            report,
            settings,
            lambda case, a: (a["alpha"] / case["h_over_d"], a["standard_error"] / case["h_over_d"]),
            set(),
        )
        values = [c["c"]["value"] for c in settings]
        for c in settings:
            low, high = (c["c"]["value"] + sign * c["c"]["standard_error"] for sign in (-1.96, 1.96))
            axis.axhspan(low, high, color="#efe9d8", zorder=0, linewidth=0)
        middle = float(np.mean(values))
        for name, law in (("2h/d", 2), ("4h/d", 4)):
            if abs(law - middle) < 0.4:
                axis.axhline(law, color=LAW_COLOURS[name], dashes=LAW_DASHES[name], linewidth=1.2, zorder=1)
                at_right(axis, law, name, LAW_COLOURS[name])
        reach = [
            abs(a["alpha"] / case["h_over_d"] - middle) + 2 * a["standard_error"] / case["h_over_d"]
            for c in settings
            for case, a in members(report, c["result"])
            if a["regime"] == "rough"
        ]
        spread = 1.3 * np.quantile(reach, 0.95) if reach else 0.1  # one poor case shall not hide the others
        axis.set(ylim=(middle - spread, middle + spread), xlabel="h/d", title=f"loss |error|$^{q:g}$")
    axes[0][0].set_ylabel("α / (h/d)")
    return (
        figure,
        (
            "The same, divided by h/d: a law α = c h/d is a horizontal line at c. The band is the fitted c with its 95%"
            " interval. The law that is not shown lies far outside the frame, as may a case of large error."
        ),
    )


def smooth_end(report):
    ends = [e for e in report["smooth_ends"] or [] if e["family"] != "all"] or report["smooth_ends"] or []
    ends = [e for e in ends if e["c"]["cases"] > 1]  # single cases at the edge of a rough family show no saturation
    if not ends:
        return None
    powers = sorted({e["settings"]["loss_power"] for e in ends})
    figure, axes = panels(1, len(powers), 4.0)
    for axis, q in zip(axes[0], powers):
        here = [e for e in ends if e["settings"]["loss_power"] == q]
        h = np.linspace(0, max(p["hurst"] for e in here for p in e["points"]) * 1.03, 200)
        for number, e in enumerate(here):
            degree, colour = e["settings"]["degree"], COLOURS[number % len(COLOURS)]
            points = sorted(e["points"], key=lambda p: p["hurst"])
            level = points[0]["saturation"]
            axis.plot(h, np.minimum(level * h / (degree + 1), level), color=colour, linewidth=0.9, zorder=1)
            axis.axhline(level, color=colour, dashes=(2, 2), linewidth=0.8, zorder=1)
            at_right(axis, level, f"{e['expected']:g}/D", colour)
            for p in points:
                near = p["regime"] == "near saturation"
                axis.errorbar(
                    p["hurst"],
                    p["alpha"],
                    yerr=1.96 * (p["standard_error"] or 0),
                    fmt=MARKERS[number % len(MARKERS)],
                    color=colour,
                    mfc="white" if near else colour,
                    markersize=4.2,
                    elinewidth=0.9,
                    zorder=3,
                    label=(
                        f"degree {degree}, {e['settings']['partition']} partition, {e['family']}"
                        if p is points[0]
                        else None
                    ),
                )
        axis.set(xlim=(0, h[-1]), xlabel="smoothness h", title=f"loss |error|$^{q:g}$", ylim=(0, None))
        axis.legend(loc="upper left", fontsize=7)
    axes[0][0].set_ylabel("α, measured")
    return (
        figure,
        (
            "α against the smoothness of the field. It grows as q h/D until the field is smoother than the pieces can"
            " use, and saturates at q k/D, k = degree + 1: 2/d and 4/d for the mean-square loss. Open points: near"
            " saturation."
        ),
    )


def against_dimension(report):
    dimensions = [case["dimension"] for case in report["cases"] or []]
    settings = settings_by_power(report).get(2)
    if not settings or max(dimensions) < 4 * min(dimensions):
        return None
    figure, axes = panels(1, 1, 4.8)
    axis = axes[0][0]
    thresholds = report["thresholds"]
    d = np.array([min(dimensions + [1]) * 0.9, max(dimensions + [100]) * 1.12])
    axis.plot(
        d, 4 / d, color=LAW_COLOURS["4h/d"], dashes=LAW_DASHES["4h/d"], zorder=1, label="4/d, the paper's smooth field"
    )
    hursts = sorted({case["hurst"] for c in settings for case, _ in members(report, c["result"])})
    for h, colour in zip(hursts, COLOURS if len(hursts) <= len(COLOURS) else shades(len(hursts))):
        axis.plot(
            d,
            2 * h / d,
            DASHES[hursts.index(h) % len(DASHES)],
            color=colour,
            zorder=1,
            linewidth=0.9,
            label=f"2h/d, h = {h:.3g}",
        )
        axis.plot([20 * h] * 2, [0.001, 0.1], color=colour, linewidth=0.7, linestyle=":", zorder=1)
        if len(hursts) <= 3:
            axis.annotate(
                f"d = 20h = {20 * h:.3g}",
                (20 * h, 0.1),
                fontsize=8,
                color=colour,
                xytext=(4, 4),
                textcoords="offset points",
            )
        for c in settings:
            for case, a in members(report, c["result"]):
                if case["hurst"] == h:
                    style = look(report, case, c["settings"]["degree"] or 0)
                    style.update(color=colour, mfc=colour if not c["settings"]["degree"] else "white")
                    axis.errorbar(case["dimension"], a["alpha"], yerr=1.96 * a["standard_error"], **style)
    low = 0.5 * min(a["alpha"] for c in settings for _, a in members(report, c["result"]))
    axis.axhline(thresholds["alpha"], color=GREY, linewidth=0.8, zorder=0)
    axis.plot([thresholds["4/d"]] * 2, [0.001, 0.1], color=LAW_COLOURS["4h/d"], linewidth=0.7, linestyle=":", zorder=1)
    axis.annotate(
        "d = 40",
        (thresholds["4/d"], low * 1.1),
        fontsize=8,
        color=LAW_COLOURS["4h/d"],
        xytext=(3, 0),
        textcoords="offset points",
    )
    at_right(axis, thresholds["alpha"], "α = 0.1", GREY)
    axis.set_xscale("log")
    axis.set_yscale("log")
    ticks = [t for t in (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if d[0] <= t <= d[1]]
    axis.set_xticks(ticks, [words.printed(f"{t:g}") for t in ticks])
    axis.set_xticks([], minor=True)
    axis.set(xlim=tuple(d), ylim=(low, None), xlabel="dimension d", ylabel="α, measured (mean-square loss)")
    axis.legend(fontsize=7.5)
    return (
        figure,
        (
            "α against the dimension, from turbulence to language models. If α were 4/d, it would fall below 0.1 for d"
            " above 40 (the paper's threshold); for a rough field it follows 2h/d and does so from d = 20h on (dotted)."
        ),
    )


def relative(report):
    rows = [c for c in report["coefficients"] or [] if c["family"] == "all" and words.known(c["relative"]["value"])]
    if not rows:
        return None
    rows.sort(key=lambda c: words.setting_order(c["method"], c["settings"]))
    figure, axes = panels(1, 1, 0.9 + 0.22 * len(rows))
    axis = axes[0][0]
    axis.axvline(1, color=BLACK, linewidth=1, zorder=1)
    for i, c in enumerate(rows):
        r = c["relative"]
        axis.errorbar(
            r["value"],
            i,
            xerr=1.96 * r["standard_error"],
            fmt="o" if c["method"] == "sampled" else "s",
            color=BLACK,
            mfc=BLACK if c["method"] == "sampled" else "white",
            elinewidth=1.2,
            markersize=4,
        )
    axis.set_yticks(
        range(len(rows)),
        [f"{words.setting(c['method'], c['settings'])}: {words.formula(c['law'])}" for c in rows],
        fontsize=7.4,
    )
    axis.set_ylim(len(rows) - 0.4, -0.6)
    axis.grid(axis="y", visible=False)
    axis.set_xlabel("measured α over the law of the setting, all cases together")
    return (
        figure,
        "Every setting against its own law, over all rough cases: 1 means that the law holds. Bars are 95% intervals.",
    )


FIGURES = {
    "h_over_d": ("Measured exponents against h/d", against_h_over_d),
    "residuals": ("The coefficient, case by case", residuals),
    "smooth": ("The smooth end", smooth_end),
    "dimension": ("From low to high dimension", against_dimension),
    "relative": ("Every setting against its own law", relative),
}
