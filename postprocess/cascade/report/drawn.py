"""What a figure draws, as words and numbers: by that a stored picture is known to be out of date."""
import math
import re

import matplotlib.collections
import numpy as np

#: of the span of an axis: less than a pixel or two
VISIBLE = 1 / 500


def words_of(axis):
    """Title, names of the axes, legend, labels and named rows; their numbers are compared as drawn points."""
    found = [
        axis.get_title(loc="left"),
        axis.get_title(),
        axis.get_xlabel(),
        axis.get_ylabel(),
        *(t.get_text() for t in axis.texts),
    ]
    legend = axis.get_legend()
    found += [t.get_text() for t in legend.get_texts()] if legend else []
    found += [t.get_text() for t in axis.get_yticklabels() if re.search("[a-z]", t.get_text())]
    return [re.sub(r"[-−+]?\d[\d.,]*", "#", text) for text in found if text]


def plain(values):
    return [None if not math.isfinite(v) else float(f"{v:.6g}") for v in values]


def points_of(axis):
    """Every line, and every bar of error bars, in data units."""
    lines = [
        [*plain(np.ravel(np.asarray(line.get_xdata(), float))), *plain(np.ravel(np.asarray(line.get_ydata(), float)))]
        for line in axis.get_lines()
    ]
    bars = [
        plain(np.concatenate([np.ravel(s) for s in c.get_segments()]))
        for c in axis.collections
        if isinstance(c, matplotlib.collections.LineCollection) and c.get_segments()
    ]
    return lines + bars


def described(figure):
    """[{words, span, points}] of the panels."""
    return [
        {
            "words": words_of(axis),
            "log": [axis.get_xscale(), axis.get_yscale()],
            "span": plain([*axis.get_xlim(), *axis.get_ylim()]),
            "points": points_of(axis),
        }
        for axis in figure.axes
    ]


def span(panel):
    """Half the larger side of the frame: points are compared with it, on logarithmic axes with the point itself."""
    low_x, high_x, low_y, high_y = panel["span"]
    return 0.5 * max(abs(high_x - low_x), abs(high_y - low_y))


def moved(panel, old, new):
    if old is None or new is None:
        return (old is None) != (new is None)
    size = max(abs(old), abs(new)) if "log" in panel["log"] else min(span(panel), 0.5)
    return abs(old - new) > VISIBLE * max(size, 1e-12) * 2


def changes(old, new):
    """What an eye would see of the difference: sentences, empty where there is none."""
    if len(old) != len(new):
        return [f"{len(old)} panels then, {len(new)} now"]
    found = []
    for number, (a, b) in enumerate(zip(old, new), 1):
        if a["words"] != b["words"]:
            gone, fresh = [w for w in a["words"] if w not in b["words"]], [w for w in b["words"] if w not in a["words"]]
            found.append(f"panel {number}: words changed ({', '.join(map(repr, (gone + fresh)[:4])) or 'their order'})")
        if a["log"] != b["log"]:
            found.append(f"panel {number}: the kind of an axis changed")
        if [len(p) for p in a["points"]] != [len(p) for p in b["points"]]:
            found.append(f"panel {number}: other points are drawn")
            continue
        far = sum(moved(a, x, y) for p, q in zip(a["points"], b["points"]) for x, y in zip(p, q))
        if far:
            found.append(f"panel {number}: {far} coordinates moved by more than an eye overlooks")
    return found
