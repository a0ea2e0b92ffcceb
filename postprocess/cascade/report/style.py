"""How every figure looks: quiet axes, colours that colour-blind readers can tell apart (Okabe and Ito 2008)."""
import matplotlib.pyplot as plt
import numpy as np

from .words import SUPERSCRIPTS, printed  # noqa: E402

BLACK, GREY, BLUE, ORANGE, GREEN, RED, PURPLE, SKY = (
    "#222222",
    "#8a8a8a",
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
)
#: the two laws that the run is asked to tell apart
LAW_COLOURS = {"2h/d": BLUE, "4h/d": RED}
LAW_DASHES = {"2h/d": (6, 2), "4h/d": (1.5, 1.5)}
#: their number is prime to that of the colours: no two series of dozens look the same
MARKERS = "osD^v<>PX*h"
METHOD_MARKERS = {"sampled": "o", "grid": "s"}
WIDTH = 9.2  # inches; the page scales it to its column

plt.rcParams.update(
    {
        "font.family": "sans-serif",
        "font.size": 9,
        "axes.titlesize": 9.5,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": "#666666",
        "axes.linewidth": 0.7,
        "axes.grid": True,
        "grid.color": "#e6e6e6",
        "grid.linewidth": 0.6,
        "axes.axisbelow": True,
        "xtick.color": "#444444",
        "ytick.color": "#444444",
        "xtick.direction": "out",
        "legend.frameon": False,
        "legend.fontsize": 8,
        "lines.linewidth": 1.1,
        "lines.markersize": 3.6,
        "errorbar.capsize": 0,
        "svg.fonttype": "path",
        "svg.hashsalt": "cascade",
        "figure.dpi": 110,
    }
)


def shades(count):
    """Ordered colours for an ordered set (orders p), dark to light but never too light for white paper."""
    return [plt.get_cmap("viridis")(x) for x in np.linspace(0.0, 0.82, max(count, 1))]


def panels(rows, columns, height, width=WIDTH, **options):
    figure, axes = plt.subplots(
        rows, columns, figsize=(width, height), squeeze=False, constrained_layout=True, **options
    )
    return figure, axes


def points(axis, x, y, error, colour, marker="o", label=None, hollow=False, line=True):
    """Markers with 95% bars (1.96 standard errors) and a thin line to guide the eye."""
    bars = np.where(np.isfinite(error), 1.96 * error, 0.0)
    axis.errorbar(
        x,
        y,
        yerr=bars,
        fmt=marker,
        color=colour,
        mfc="white" if hollow else colour,
        mew=0.9,
        elinewidth=0.9,
        label=label,
        zorder=3,
    )
    if line:
        axis.plot(x, y, color=colour, linewidth=0.6, alpha=0.5, zorder=2)


def slopes(axis, x, slope, error, colour, marker="o", label=None, hollow=False, line=True):
    """Local slopes with 95% bars, where the errors of the points are known."""
    bars = np.where(np.isfinite(error), 1.96 * error, 0.0)
    axis.errorbar(
        x,
        slope,
        yerr=bars,
        fmt=marker,
        color=colour,
        mfc="white" if hollow else colour,
        mew=0.8,
        elinewidth=0.7,
        markersize=3.2,
        label=label,
        zorder=3,
        linestyle="-" if line else "none",
        linewidth=0.5,
    )


EXPECTED = "exact expectation"


def expectation(axis, x, y, colour, label=True):
    """The exact expectation behind the points: a broad pale line, where it is known."""
    known = np.isfinite(x) & np.isfinite(y)
    if np.count_nonzero(known) > 1:
        axis.plot(
            np.asarray(x)[known],
            np.asarray(y)[known],
            color=colour,
            linewidth=4.5,
            alpha=0.28,
            solid_capstyle="round",
            zorder=1.2,
            label=EXPECTED if label else None,
        )


def band(axis, ends):
    """The range of a fit, as a light band; `ends` is None when it is not known on this axis."""
    if ends is not None:
        axis.axvspan(*ends, color="#f3f1ea", zorder=0, linewidth=0)


def at_right(axis, y, text, colour):
    """A direct label beside the frame, at height y of the data."""
    axis.annotate(
        text,
        (1, y),
        xycoords=("axes fraction", "data"),
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        color=colour,
        annotation_clip=False,
    )


def power_label(base):
    """10⁻³ in plain letters: typesetting every tick as a formula would take most of the drawing time."""

    def label(value, _):
        exponent = np.log(value) / np.log(base) if value > 0 else np.nan
        near = abs(exponent - round(exponent)) < 1e-6 if np.isfinite(exponent) else False
        return str(base) + str(round(exponent)).translate(SUPERSCRIPTS) if near else ""

    return plt.FuncFormatter(label)


def log_scale(axis, which, base=10):
    """Logarithmic axis without minor ticks."""
    (axis.set_xscale if which == "x" else axis.set_yscale)("log", base=base)
    ticks = axis.xaxis if which == "x" else axis.yaxis
    ticks.set_minor_locator(plt.NullLocator())
    ticks.set_major_formatter(power_label(base))


def log_scale_of(axis, which, values):
    """Logarithmic axis of these positive values with ticks that a short range has too: 1, 2, 5 or evenly."""
    least, most = np.nanmin(values), np.nanmax(values)
    if most > (300 if which == "y" else 20) * least:
        log_scale(axis, which)
        return
    (axis.set_xscale if which == "x" else axis.set_yscale)("log")
    ticks = axis.xaxis if which == "x" else axis.yaxis
    ticks.set_major_locator(plt.LogLocator(subs=(1, 2, 5)) if most > 4 * least else plt.MaxNLocator(5))
    ticks.set_major_formatter(lambda x, _: printed(f"{x:g}"))
    ticks.set_minor_locator(plt.NullLocator())


def legend_above(figure, handles, labels, columns):
    """One legend for all panels, in a strip that the panels leave free."""
    lines = -(-len(labels) // columns)
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - (0.1 + 0.19 * lines) / figure.get_figheight()))
    figure.legend(handles, labels, loc="upper center", ncol=columns)


def spread(values, gap):
    """Positions near `values` at least `gap` apart, in the same order: labels that do not overlap."""
    order = np.argsort(values)
    placed = np.array(values, dtype=float)
    for a, b in zip(order, order[1:]):
        placed[b] = max(placed[b], placed[a] + gap)
    return placed
