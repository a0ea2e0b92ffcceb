"""A measured curve as arrays, from results.h5."""
import os
from dataclasses import dataclass

import h5py
import numpy as np

from . import modules
from .report.data import Unreadable, array, text

#: name here -> name of the dataset, beside x
COLUMNS = {"y": "y", "error": "standard_error", "local_slope": "local_slope", "count": "count", "expected": "expected",
           "expected_unconditional": "expected_unconditional", "expected_slope": "expected_slope",
           "expected_z": "expected_z", "fitted": "fitted", "residual": "residual",
           "local_slope_error": "local_slope_error"}


@dataclass
class Curve:
    """Arrays of one length; what was not measured, or is not stored in results of this age, is NaN. `fitted`: values of
    the fitted curve. `in_fit` marks the points inside the fit's window."""
    x: np.ndarray
    y: np.ndarray
    error: np.ndarray
    local_slope: np.ndarray
    count: np.ndarray
    expected: np.ndarray
    expected_unconditional: np.ndarray
    expected_slope: np.ndarray
    expected_z: np.ndarray
    fitted: np.ndarray
    residual: np.ndarray
    local_slope_error: np.ndarray
    in_fit: np.ndarray
    x_name: str = "x"
    x_unit: str = ""
    y_name: str = "y"
    y_unit: str = ""
    scale: str = "linear"  # "log2": x is log2 of what it stands for

    def __len__(self):
        return len(self.x)

    def _columns(self):
        return {name: getattr(self, name) for name in (*COLUMNS, "in_fit")}

    def to_pandas(self):
        """A DataFrame with x as its index."""
        modules.require("pandas")
        from pandas import DataFrame, Index
        return DataFrame(self._columns(), index=Index(self.x, name=self.x_name))

    def to_xarray(self):
        """A Dataset along x, with names and units as attributes."""
        modules.require("xarray")
        from xarray import Dataset
        made = Dataset({name: ("x", values) for name, values in self._columns().items()}, coords={"x": ("x", self.x)},
                       attrs={"scale": self.scale})
        made["x"].attrs.update(long_name=self.x_name, units=self.x_unit)
        for name in ("y", "error", "expected", "fitted"):
            made[name].attrs.update(long_name=self.y_name, units=self.y_unit)
        return made


def inside(x, window):
    """Which points a fit took: those between the ends of its window, to roundoff."""
    if len(window or ()) != 2 or None in window:
        return np.zeros(len(x), dtype=bool)
    low, high = sorted(window)
    slack = 1e-9 * max(abs(low), abs(high))
    return (x >= low - slack) & (x <= high + slack)


def read_curve(directory, row):
    """The curve of a row of report.json, or None. Throws Unreadable with the file's name."""
    path = os.path.join(directory, "results.h5")
    window = (row.get("fit") or {}).get("window")
    try:
        with h5py.File(path, "r") as file:
            group = file.get("results/" + row["id"])
            if group is None or "x" not in group:
                return None
            x = np.asarray(group["x"][:], dtype=float)
            says = {}
            for axis in "xy":
                attributes = group[axis].attrs if axis in group else {}
                says[axis + "_name"] = text(attributes.get("name", axis))
                says[axis + "_unit"] = text(attributes.get("unit", ""))
            columns = {name: array(group[place][:] if place in group else [], len(x))
                       for name, place in COLUMNS.items()}
            return Curve(x=x, **columns, in_fit=inside(x, window), **says,
                         scale=text(group["x"].attrs.get("scale", "linear")))
    except (OSError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise Unreadable(f"{path}: cannot be read: {error}. Repeat the run with --force.") from error
