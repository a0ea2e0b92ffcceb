"""A single run: a field, or a study of scaling laws."""
import os
from dataclasses import dataclass

import h5py
import numpy as np

from .result import Result
from .results import Results
from .stored import Stored


@dataclass
class Slice:
    """A plane of the field with the coordinates of its rows and columns; `depth`: alive levels there, or None."""
    values: np.ndarray
    y: np.ndarray
    x: np.ndarray
    depth: np.ndarray = None


class Run(Stored):
    """What one run measured. `results` are all of them; run["ID"], run.select(...) and run.one(...) find some."""

    def __init__(self, report):
        super().__init__(report)
        self.results = Results(Result(row, report.directory) for row in report.results)

    @property
    def theory(self):
        """What the field was made to obey: embedding_dimension, dimension, hurst, source, zeta; empty for scaling
        laws."""
        return self._report.theory

    @property
    def verdicts(self):
        """Each formula tested against each exponent: id, verdict, predicted, measured, z, sentence, result,
        settings."""
        return self._report.hypotheses

    def __getitem__(self, identity):
        return self.results.by_id(identity)

    def __iter__(self):
        return iter(self.results)

    def __len__(self):
        return len(self.results)

    def select(self, quantity=None, **settings):
        return self.results.select(quantity, **settings)

    def one(self, quantity=None, **settings):
        return self.results.one(quantity, **settings)

    def table(self, pandas=None):
        """All results, a row each: see Results.table."""
        return self.results.table(pandas)

    @property
    def slice(self):
        """The plane of the field that results.h5 holds, or None."""
        path = os.path.join(self.directory, "results.h5")
        with h5py.File(path, "r") as file:
            if "field/slice" not in file:
                return None
            stored = file["field/slice"]
            about = stored.attrs
            at, spacing = 0.5 / int(about.get("stride", 1)), float(about.get("spacing", 1))
            steps = (float(about.get("row_spacing", spacing)), spacing)
            y, x = (file[f"field/{axis}"][:] if f"field/{axis}" in file else (np.arange(count) + at) * step
                    for axis, count, step in zip("yx", stored.shape, steps))
            return Slice(stored[:], y, x, file["field/active_depth"][:] if "field/active_depth" in file else None)
