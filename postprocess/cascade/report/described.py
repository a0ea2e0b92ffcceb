"""Answers, tables and figures that the report describes itself (object `page`, or `scaling` of a scaling law)."""
import numpy as np

from .style import BLACK, BLUE, GREEN, GREY, MARKERS, ORANGE, PURPLE, RED, SKY, log_scale_of, panels, plt, points

#: told apart without colour: solid, long, dotted, mixed
DASHES = [(None, None), (7, 2), (1.2, 1.8), (7, 2, 1.2, 2), (4, 1.5, 1.2, 1.5, 1.2, 1.5)]
COLOURS = [BLUE, RED, GREEN, ORANGE, PURPLE, SKY, BLACK, GREY]


def content(report):
    return report["page"] or report["scaling"] or {}


def tables(report):
    return content(report).get("tables") or []


def other_answers(report):
    """Sentences beside the verdict, which stands above them."""
    return [a for a in content(report).get("answers") or [] if a not in (report.json.get("verdict") or "")]


def figures(report):
    """The figures, by name."""
    return {f["name"]: f for f in content(report).get("figures") or []}


def array(values):
    return np.array([np.nan if v is None else v for v in values], dtype=float)


def drawer(described_figure):
    """The function that draws this figure, in the form figures.py wants."""

    def draw(_):
        f = described_figure
        figure, axes = panels(1, 1, 4.2, 6.8)
        axis = axes[0][0]
        if len(f["band"]) == 2:
            axis.axhspan(*f["band"], color="#efe9d8", zorder=0, linewidth=0, label=f["band_label"])
        dots = [s for s in f["series"] if s["style"] == "points"]
        shown = None  # a series without a name belongs to the one before it, and has its colour
        palette = [c for c in COLOURS if c != GREY] if any(s["label"] == "refused" for s in f["series"]) else COLOURS
        colours = iter(palette * (1 + len(f["series"]) // len(palette)))
        for number, series in enumerate(f["series"]):
            colour = shown if shown and not series["label"] else next(colours)
            colour = shown = GREY if series["label"] == "refused" else colour
            x, y = array(series["x"]), array(series["y"])
            if series["style"] == "points":
                error = array(series["error"]) if len(series["error"]) == len(x) else np.full(len(x), np.nan)
                points(
                    axis, x, y, error, colour, MARKERS[dots.index(series) % len(MARKERS)], series["label"], line=False
                )
            else:
                dashes = (2.5, 2.5) if series["style"] == "dashed" else DASHES[number % len(DASHES)]
                axis.plot(x, y, dashes=dashes, color=colour, label=series["label"])
        for which in "xy":
            values = np.concatenate([array(s[which]) for s in f["series"]] or [np.array([])])
            if f.get(f"{which}_log", True) and 0 < np.nanmin(values, initial=np.inf) < np.inf:
                log_scale_of(axis, which, values)
        axis.set_xlabel(f["x_label"])
        axis.set_ylabel(f["y_label"])
        axis.legend()
        return figure, f["caption"]

    return draw
