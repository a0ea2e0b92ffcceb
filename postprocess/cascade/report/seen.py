"""What a figure shows, in words, for those who do not see it."""
import re

from . import words

RESIDUAL = "residual"


def plain(text):
    """Labels without the marks of typesetting: S$_p$(r) -> S_p(r)."""
    return re.sub(r"\s+", " ", re.sub(r"[${}]", "", text)).strip()


def names(axis):
    """The series of a panel by their labels: no marks of our own."""
    found = []
    for label in axis.get_legend_handles_labels()[1]:
        if label and not label.startswith("_") and plain(label) not in found:
            found.append(plain(label))
    return found


def reach(axis, which):
    low, high = sorted(axis.get_xlim() if which == "x" else axis.get_ylim())
    return f"{words.number(low, 2)} to {words.number(high, 2)}"


def panel(axis):
    title, x, y = (
        plain(axis.get_title(loc="left") or axis.get_title()),
        plain(axis.get_xlabel()),
        plain(axis.get_ylabel()),
    )
    text = (f"“{title}”: " if title else "") + (f"{y} against {x}" if x and y else y or x)
    ticks = [plain(t.get_text()) for t in axis.get_yticklabels()]
    if ticks and not any(re.match(r"^[−\d.]", t) or not t for t in ticks):  # rows with names
        text += f", {len(ticks)} rows"
    elif x or y:
        text += f", x from {reach(axis, 'x')}, y from {reach(axis, 'y')}"
    return text + (f"; shown: {', '.join(names(axis)[:8])}" if names(axis) else "")


def described(figure):
    """One sentence a panel; strips of residuals and colour bars are left to the caption."""
    shown = [
        axis
        for axis in figure.axes
        if axis.axison
        and not hasattr(axis, "_colorbar")
        and plain(axis.get_ylabel()) != RESIDUAL
        and (axis.has_data() or axis.images)
        and (axis.get_xlabel() or axis.get_ylabel() or axis.get_title(loc="left"))
    ]
    return ". ".join(panel(axis) for axis in shown[:6]) + "." if shown else ""
