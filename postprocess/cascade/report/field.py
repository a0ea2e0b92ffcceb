"""A look at the field itself."""

import numpy as np

from .style import BLUE, panels


def line_figure(part):
    figure, axes = panels(1, 1, 2.6)
    values = part.values[0]
    axes[0][0].plot((np.arange(len(values)) + 0.5) * part.spacing, values, color=BLUE, linewidth=0.5)
    axes[0][0].set(xlabel="x (box sides)", ylabel="field", xlim=(0, 1))
    return figure, "The field along its line."


def field_slice(report):
    part = report.slice
    if part is None or part.values.size == 0:
        return None
    if part.values.shape[0] == 1:
        return line_figure(part)
    shown = [(part.values, "Field", "field value")]
    if report.depth is not None:
        shown.append((report.depth.values, "Alive levels", "levels of eddies alive above the point"))
    figure, axes = panels(1, len(shown), 4.6, width=max(5.4, 4.6 * len(shown)))
    for axis, (values, title, label) in zip(axes[0], shown):
        signed = title == "Field"
        limit = float(np.nanpercentile(np.abs(values), 99.5)) or 1.0
        look = {"cmap": "RdBu_r", "vmin": -limit, "vmax": limit} if signed else {"cmap": "cividis"}
        image = axis.imshow(values, origin="lower", extent=(0, 1, 0, 1), interpolation="nearest", **look)
        axis.set(title=title, xlabel="x (box sides)", ylabel="y (box sides)")
        axis.grid(False)
        bar = figure.colorbar(
            image,
            ax=axis,
            orientation="horizontal",
            shrink=0.9,
            pad=0.02,
            aspect=40,
            extend="both" if signed else "neither",
        )
        bar.outline.set_visible(False)
        bar.set_label(label)
    where = f"the plane z = {part.position:.3f}" if part.position > 0 else "the whole field"
    stride = f", every {part.stride}th point" if part.stride > 1 else ""
    depth = (
        " Right: how many consecutive levels of eddies are alive above each point; the deepest ones are the active set."
        if len(shown) > 1
        else ""
    )
    return figure, f"A look at {where}{stride}; colours are cut at the 99.5% quantile.{depth}"
