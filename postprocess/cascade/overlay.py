"""One curve of two results, or of a result and a published table, in one figure, and their distance in sigmas."""
import csv
import math
import os
from dataclasses import dataclass

import numpy as np

from .report.data import Unreadable

#: shown first where a figure may choose: what most results have, and papers print
FAVOURITES = ("zeta/p2", "zeta/longitudinal/p2", "spectrum_slope", "alpha/uniform/volume/k0/q2")


@dataclass
class Series:
    """Points with errors (NaN: not known), x ascending. `name` is for the legend."""
    name: str
    x: np.ndarray
    y: np.ndarray
    error: np.ndarray
    x_name: str = "x"
    y_name: str = "y"


def ordered(name, x, y, error, x_name="x", y_name="y"):
    x, y, error = (np.asarray(values, dtype=float) for values in (x, y, error))
    keep = np.isfinite(x) & np.isfinite(y)
    order = np.argsort(x[keep], kind="stable")
    return Series(name, x[keep][order], y[keep][order], error[keep][order], x_name, y_name)


def published(path):
    """The curve of a text table: columns x, y and, where there is a third, the standard error of y. A header names
    them; lines that begin with # are none. Throws Unreadable with the line."""
    try:
        with open(path, encoding="utf-8", newline="") as stream:
            lines = [(number, line) for number, line in enumerate(stream, 1)
                     if line.strip() and not line.lstrip().startswith("#")]
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path}: {error}") from error
    separator = next((mark for mark in "\t;," if lines and mark in lines[0][1]), None)
    rows, header = [], None
    for number, line in lines:
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=separator))] if separator else line.split()
        try:
            rows.append([float(cell) for cell in cells])
        except ValueError as error:
            if rows or header is not None:
                raise Unreadable(f"{path}:{number}: not a number in {line.strip()[:60]!r}") from error
            header = cells
            continue
        if not 2 <= len(rows[-1]) <= 3 or len(rows[-1]) != len(rows[0]):
            raise Unreadable(f"{path}:{number}: {len(rows[-1])} columns; a curve has x, y and perhaps an error, the "
                             "same in every line")
    if len(rows) < 2:
        raise Unreadable(f"{path}: fewer than two points of a curve")
    table = np.array(rows)
    error = table[:, 2] if table.shape[1] == 3 else np.full(len(table), np.nan)
    names = header if header and len(header) == table.shape[1] else ["x", "y"]
    return ordered(os.path.basename(path), table[:, 0], table[:, 1], error, names[0], names[1])


def of_result(result, name):
    """The measured curve of one result."""
    curve = result.curve
    x = np.exp2(curve.x) if curve.scale == "log2" else curve.x
    return ordered(name, x, curve.y, curve.error, curve.x_name, curve.y_name)


def choose(results, wanted=None):
    """The id of the curve to lay over one another: the wanted one, or one that all have. Throws ValueError."""
    common = [r.id for r in results[0] if all(any(other.id == r.id for other in each) for each in results[1:])]
    if wanted is not None:
        if wanted not in common:
            raise ValueError(f"compare: no curve {wanted!r} in all of them; there are: {', '.join(common) or 'none'}")
        return wanted
    for favourite in FAVOURITES:
        for identity in common:
            if identity.endswith("/" + favourite):
                return identity
    if not common:
        raise ValueError("compare: they have no curve in common")
    return common[0]


@dataclass
class Distance:
    """Where `second` has a point inside the range of `first`: x, difference of the logarithms (of the values, where one
    is not positive), and sigmas (NaN without errors)."""
    x: np.ndarray
    difference: np.ndarray
    sigmas: np.ndarray

    @property
    def rms(self):
        """Root of the mean square of the sigmas; NaN where no error is known."""
        known = self.sigmas[np.isfinite(self.sigmas)]
        return math.sqrt(np.mean(known**2)) if len(known) else math.nan

    @property
    def furthest(self):
        known = np.abs(self.sigmas[np.isfinite(self.sigmas)])
        return known.max() if len(known) else math.nan


def interpolated(series, x, logarithmic):
    """Value and error at x, on straight lines between the points (of the logarithms); the errors likewise."""
    if logarithmic:
        at, relative = np.log(series.x), series.error / series.y
        return np.interp(np.log(x), at, np.log(series.y)), np.interp(np.log(x), at, relative)
    return np.interp(x, series.x, series.y), np.interp(x, series.x, series.error)


def distance(first, second):
    """From `first` to `second`, at the points of `second`, errors taken as independent. Curves of positive values are
    compared by their logarithms, on which power laws are straight."""
    positive = all(np.all(values > 0) for values in (first.x, first.y, second.x, second.y))
    inside = (second.x >= first.x[0] * (1 - 1e-9)) & (second.x <= first.x[-1] * (1 + 1e-9))
    x = second.x[inside]
    expected, own = interpolated(first, x, positive)
    value = np.log(second.y[inside]) if positive else second.y[inside]
    other = second.error[inside] / second.y[inside] if positive else second.error[inside]
    error = np.hypot(np.nan_to_num(own), np.nan_to_num(other))
    difference = value - expected
    sigmas = np.full(len(x), np.nan)
    np.divide(difference, error, out=sigmas, where=error > 0)
    return Distance(x, difference, sigmas)


def figure(series, title=""):
    """All of them over one another, and below them how many sigmas each is from the first."""
    from .report import style  # matplotlib is imported when it is needed
    drawn, axes = style.panels(2, 1, 5.6, width=5.2, sharex=True, gridspec_kw={"height_ratios": [3, 1.3]})
    top, below = axes[0][0], axes[1][0]
    colours = [style.BLACK, style.BLUE, style.RED, style.GREEN, style.PURPLE, style.ORANGE]
    positive = all(np.all(each.x > 0) and np.all(each.y > 0) for each in series)
    for i, each in enumerate(series):
        colour = colours[i % len(colours)]
        style.points(top, each.x, each.y, each.error, colour, marker="os^vD<"[i % 6], label=each.name, hollow=i > 0)
        if i:
            apart = distance(series[0], each)
            known = np.isfinite(apart.sigmas)
            below.plot(apart.x[known], apart.sigmas[known], "os^vD<"[i % 6], color=colour, mfc="white", mew=0.9)
    if positive:
        top.set_yscale("log")
        top.set_xscale("log")
    below.axhline(0, color=style.BLACK, lw=0.8)
    below.axhspan(-2, 2, color=style.GREY, alpha=0.18, lw=0)
    below.set_ylabel(f"sigmas from {series[0].name}" if len(series[0].name) < 18 else "sigmas from the first")
    below.set_xlabel(series[0].x_name)
    top.set_ylabel(series[0].y_name)
    top.set_title(title)
    top.legend()
    return drawn
