"""What a run left on disk, read once: report.json (numbers and words) and results.h5 (curves and the slice)."""
import json
import math
import os
from dataclasses import dataclass, field, replace

import h5py
import numpy as np

from . import checksums, plain, words

SCHEMA = "cascade-report/1"
COLUMNS = (
    "x",
    "y",
    "standard_error",
    "local_slope",
    "expected",
    "expected_slope",
    "expected_z",
    "fitted",
    "residual",
    "local_slope_error",
)
OPTIONAL = COLUMNS[4:]
CAMPAIGN = "cascade-campaign/1"


class Unreadable(Exception):
    """The message says which file, what is wrong and what to do."""


class Damaged(Unreadable):
    """What is there is not what the run wrote."""


def in_force(directory):
    """Where the result is: an older one is kept in .older, and in force, until a new one has taken its place."""
    older = os.path.join(directory, ".older")
    return older if os.path.isdir(older) else directory


def require_whole(directory, names):
    """Throws Damaged unless those files are what the run wrote. Results of older versions have no checksums to ask."""
    wrong = checksums.damage(directory, names)
    if wrong:
        raise Damaged("; ".join(wrong[:5]) + ". Repeat the run with --force.")


@dataclass
class Curve:
    """Arrays of one length; an array that was not measured is full of NaN."""

    x: np.ndarray
    y: np.ndarray
    standard_error: np.ndarray
    local_slope: np.ndarray
    expected: np.ndarray = None
    expected_slope: np.ndarray = None
    expected_z: np.ndarray = None
    fitted: np.ndarray = None  # the fitted curve in its window, and the distances from it in standard errors
    residual: np.ndarray = None
    local_slope_error: np.ndarray = None
    x_name: str = "x"
    y_name: str = "y"
    log2_x: bool = False  # x holds log2 of what it stands for: a number of pieces may exceed any float
    x_unit: str = ""
    y_unit: str = ""
    linear_x: bool = False  # how the curve wants to be drawn: on logarithmic axes unless it says otherwise
    linear_y: bool = False

    def __post_init__(self):
        for name in OPTIONAL:
            if getattr(self, name) is None:
                setattr(self, name, np.full(len(self.x), math.nan))

    def __len__(self):
        return len(self.x)


@dataclass
class Slice:
    values: np.ndarray
    spacing: float
    position: float
    stride: int


@dataclass
class Report:
    json: dict
    directory: str
    curves: dict = field(default_factory=dict)
    slice: Slice = None
    depth: Slice = None

    def __getitem__(self, key):
        return self.json.get(key)

    @property
    def theory(self):
        return self.json.get("theory") or {}

    @property
    def results(self):
        return self.json.get("results") or []

    @property
    def hypotheses(self):
        return self.json.get("hypotheses") or []

    def of_quantity(self, quantity):
        """Results of one quantity that have a curve."""
        return [r for r in self.results if r["quantity"] == quantity and len(self.curve(r)) > 1]

    def curve(self, result):
        return self.curves.get(result["id"]) or curve_from_json(result.get("curve") or {})

    def answer(self):
        """(question, answer, the sentences after it). Older reports have a verdict only: its first sentence answers."""
        verdict, told = (self.json.get("verdict") or "No verdict was written.").strip(), self.json.get("answer") or {}
        question, said = told.get("question") or "", told.get("text") or ""
        line = f"{question} {said}".strip()
        if said:
            return question, said, verdict.removeprefix(line).strip() if verdict.startswith(line) else verdict
        first, *rest = words.sentences(verdict)
        return "", first, " ".join(rest)

    def law(self, formula):
        """Value of 2h/d, 4h/d, ... for the theory of this run; None when the theory does not give it."""
        h, d = self.theory.get("hurst"), self.theory.get("dimension")
        if h is None or not d:
            return None
        return {"2h/d": 2 * h / d, "4h/d": 4 * h / d}[formula]


def array(values, length):
    """A float array of that length; null and absent values become NaN."""
    numbers = np.array([math.nan if v is None else v for v in values], dtype=float)
    return numbers if len(numbers) == length else np.full(length, math.nan)


def curve_from_json(c):
    n = len(c.get("x") or [])
    part = {name: array(c.get(name) or [], n) for name in COLUMNS}
    drawn = c.get("drawn") or {}
    return thinned(
        Curve(
            **part,
            x_name=c.get("x_name") or "x",
            y_name=c.get("y_name") or "y",
            log2_x=c.get("x_scale") == "log2",
            x_unit=c.get("x_unit") or "",
            y_unit=c.get("y_unit") or "",
            linear_x=drawn.get("x") == "linear",
            linear_y=drawn.get("y") == "linear",
        )
    )


def thinned(curve, most=300):
    """At most about `most` points for drawing, evenly spread on its axis: a spectrum may have a million."""
    if len(curve) <= most:
        return curve
    as_it_is = curve.linear_x or curve.log2_x
    where = np.flatnonzero(np.isfinite(curve.x) if as_it_is else curve.x > 0)
    position = curve.x[where] if as_it_is else np.log(curve.x[where])
    slot = np.floor((position - position.min()) / max(np.ptp(position), 1e-300) * most)
    keep = where[np.unique(slot, return_index=True)[1]]
    return replace(curve, **{name: getattr(curve, name)[keep] for name in COLUMNS})


def text(value):
    return plain.text(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value))


def curve_from_group(group):
    n = len(group["x"])
    part = {name: array(group[name][:] if name in group else [], n) for name in COLUMNS}
    says = {}
    for axis in "xy":
        if axis in group:
            attributes = group[axis].attrs
            says[axis + "_name"] = text(attributes.get("name", axis))
            says[axis + "_unit"] = text(attributes.get("unit", ""))
            says["linear_" + axis] = text(attributes.get("drawn", "logarithmic")) == "linear"
    return thinned(Curve(**part, **says, log2_x=text(group["x"].attrs.get("scale", "linear")) == "log2"))


def read_slice(file, name):
    if name not in file:
        return None
    stored = file[name]
    attributes = stored.attrs
    return Slice(
        stored[:],
        float(attributes.get("spacing", 1)),
        float(attributes.get("position", 0)),
        int(attributes.get("stride", 1)),
    )


def existing(directory, name):
    path = os.path.join(directory, name)
    if not os.path.isdir(directory):
        raise Unreadable(f"{directory}: no such directory. Give the output directory of a run, e.g. results/beta_d2.8")
    if not os.path.isfile(path):
        raise Unreadable(
            f"{path}: not there. The run has not finished (report.json is written last), or {directory} is "
            "not the output directory of a run."
        )
    return path


def load(directory):
    directory = in_force(directory)
    path = existing(directory, "report.json")
    require_whole(directory, ["report.json"])
    try:
        with open(path, encoding="utf-8") as file:
            content = plain.everywhere(json.load(file))
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path}: cannot be read: {error}. Repeat the run with --force.") from error
    if not isinstance(content, dict) or content.get("schema") not in (SCHEMA, CAMPAIGN):
        found = content.get("schema") if isinstance(content, dict) else type(content).__name__
        raise Unreadable(
            f"{path}: schema is {found!r}, this script reads {SCHEMA!r} and {CAMPAIGN!r}. Use the report.py that came"
            " with the program that made it."
        )
    report = Report(content, directory)
    if content["schema"] == CAMPAIGN:  # all there is; the cases have their own curves
        return report
    path = existing(directory, "results.h5")
    require_whole(directory, ["results.h5"])
    try:
        with h5py.File(path, "r") as file:
            for result in report.results:
                place = "results/" + result["id"]
                if place in file and "x" in file[place]:
                    report.curves[result["id"]] = curve_from_group(file[place])
            report.slice = read_slice(file, "field/slice")
            report.depth = read_slice(file, "field/active_depth")
    except (OSError, KeyError, ValueError, TypeError, RuntimeError) as error:  # what h5py makes of flipped bits
        raise Unreadable(f"{path}: cannot be read: {error}. Repeat the run with --force.") from error
    return report
