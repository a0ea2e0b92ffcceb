"""Fitted curves and what they leave: a strip of residuals under each panel."""
import numpy as np

from .style import WIDTH, plt

FITTED = "fitted curve"
SAID = (
    " Thin solid lines: the fitted curve over its window. The strip below: (measured − fitted) in standard errors of"
    " the point, what all points share taken out; grey: ±2."
)
NONE = "no fit lies on these points"


def panels(rows, columns, height, share=0.27, sharey=False):
    """(figure, panels, strips below them on the same abscissa); `height` in inches of a panel with its strip."""
    figure = plt.figure(figsize=(WIDTH, height * rows + 0.5), constrained_layout=True)
    grid = figure.add_gridspec(2 * rows, columns, height_ratios=[1 - share, share] * rows)
    upper, lower = np.empty((rows, columns), object), np.empty((rows, columns), object)
    for i in range(rows):
        for j in range(columns):
            upper[i, j] = figure.add_subplot(grid[2 * i, j], sharey=upper[i, 0] if sharey and j else None)
            lower[i, j] = figure.add_subplot(grid[2 * i + 1, j], sharex=upper[i, j])
            upper[i, j].tick_params(labelbottom=False)
            lower[i, j].axhspan(-2, 2, color="#f3f1ea", zorder=0, linewidth=0)
            lower[i, j].axhline(0, color="#8a8a8a", linewidth=0.8, zorder=1)
            if j == 0:
                lower[i, j].set_ylabel("residual", fontsize=7.5)
    return figure, upper, lower


def fitted(axis, strip, x, y, residual, colour, marker="o", hollow=False, label=True):
    """The fitted curve through its points, and the residuals in the strip."""
    has = np.isfinite(x) & np.isfinite(y)
    if np.count_nonzero(has) > 1:
        axis.plot(x[has], y[has], color=colour, linewidth=1.4, zorder=2.5, label=FITTED if label else None)
    has = np.isfinite(x) & np.isfinite(residual)
    if has.any():
        strip.plot(
            x[has],
            residual[has],
            marker,
            color=colour,
            mfc="white" if hollow else colour,
            linestyle="none",
            markersize=2.8,
            mew=0.8,
            zorder=3,
        )
        strip.shown_residuals = [*getattr(strip, "shown_residuals", []), *residual[has]]


def finish(strip):
    """The frame of a strip: symmetric, at least four errors to either side; it says where nothing was fitted."""
    shown = getattr(strip, "shown_residuals", [])
    reach = max(4.0, 1.15 * float(np.max(np.abs(shown)))) if shown else 4.0
    strip.set_ylim(-reach, reach)
    strip.yaxis.set_major_locator(plt.MaxNLocator(nbins=3, steps=[1, 2, 4, 5, 10], symmetric=True))
    if not shown:
        strip.text(
            0.5,
            0.5,
            NONE,
            transform=strip.transAxes,
            ha="center",
            va="center",
            fontsize=7.5,
            color="#5d5d58",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )
