"""Two results or more beside each other: the same exponents, how far apart, and what differs in the inputs."""
import math
import os
from dataclasses import dataclass, field

from .campaign import Campaign
from .loading import load
from .tables import as_table


@dataclass
class Row:
    """One exponent in every result that has it; the others are compared with the first. `sigmas`: (value - first) /
    root of the sum of the squared errors, None where one of the two does not decide."""
    what: str
    values: list
    errors: list
    sigmas: list
    notes: list = field(default_factory=list)

    def furthest(self):
        return max((abs(s) for s in self.sigmas if s is not None), default=None)


def measured(result):
    """What one result has to compare: name -> (value, error, decides, note)."""
    if isinstance(result, Campaign):
        return {f"c {row['family']}/{row['result']}": (row["c"]["value"], row["c"]["standard_error"], True, "")
                for row in result.coefficients if row.get("c")}
    return {r.id: (r.value, r.error, r.decides, r.judged_by or "") for r in result.results}


def distance(first, second):
    """Sigmas between two of these; None where one does not decide. Without errors: 0 for the same number, else
    infinity."""
    if not (first[2] and second[2]):
        return None
    difference, error = second[0] - first[0], math.hypot(first[1], second[1])
    if difference == 0:
        return 0.0
    return difference / error if error > 0 else math.copysign(math.inf, difference)


def flatten(value, path=""):
    """A tree of settings as dotted keys."""
    if isinstance(value, dict) and value:
        return {key: leaf for name, each in value.items()
                for key, leaf in flatten(each, f"{path}.{name}" if path else name).items()}
    return {path: value}


def differences(trees):
    """Keys whose values are not the same in all: key -> values, "(absent)" where there is none."""
    flat = [flatten(tree) for tree in trees]
    keys = dict.fromkeys(key for each in flat for key in each)
    rows = {key: [each.get(key, "(absent)") for each in flat] for key in keys}
    return {key: values for key, values in rows.items() if any(value != values[0] for value in values)}


def program_of(result):
    return {name: result.provenance.get(name) for name in ("version", "git", "compiler")}


class Comparison:
    """`rows` of what two or more have in common, `only` what one of them alone has, `inputs` and `programs` that
    differ."""

    def __init__(self, results, names, sigmas):
        self.names, self.sigmas = names, sigmas
        found = [measured(result) for result in results]
        everything = list(dict.fromkeys(what for each in found for what in each))
        self.rows = [self._row(what, found) for what in everything if what in found[0]
                     and any(what in f for f in found[1:])]
        compared = {row.what for row in self.rows}
        self.only = {what: [name for name, each in zip(names, found) if what in each] for what in everything
                     if what not in compared}
        self.inputs = differences([result.config for result in results])
        self.programs = differences([program_of(result) for result in results])
        self.notes = self._notes([result.provenance.get("seed") for result in results])

    @staticmethod
    def _row(what, found):
        cells = [each.get(what) for each in found]
        row = Row(what, [c[0] if c else math.nan for c in cells], [c[1] if c else math.nan for c in cells],
                  [distance(cells[0], c) if c else None for c in cells[1:]])
        ways = [c[3] for c in cells if c]
        if len(set(ways)) > 1:
            row.notes.append(f"found by different ways: {', '.join(way or 'the only one' for way in ways)}")
        if any(c and not c[2] for c in cells):
            row.notes.append("a fit leaves it open: not compared")
        return row

    def _notes(self, seeds):
        notes = []
        if len(set(seeds)) < len(seeds):
            notes.append("Some have the same seed: their errors are not independent, and sigmas say less than they "
                         "seem to.")
        if not any(s is not None for row in self.rows for s in row.sigmas):
            notes.append("Nothing could be compared: they have no exponent with the same settings in common that both "
                         "decide.")
        return notes

    @property
    def furthest(self):
        """The largest distance in sigmas, None where nothing could be compared."""
        return max((f for f in (row.furthest() for row in self.rows) if f is not None), default=None)

    @property
    def agree(self):
        """Whether something could be compared, and nothing is further apart than `sigmas`."""
        return self.furthest is not None and self.furthest <= self.sigmas

    def table(self, pandas=None):
        """A row each: value and error of every result, sigmas of all but the first."""
        rows = []
        for row in self.rows:
            cells = {"what": row.what}
            for i, name in enumerate(self.names):
                cells.update({name: row.values[i], f"{name} error": row.errors[i]})
                if i:
                    cells[f"{name} sigmas"] = math.nan if row.sigmas[i - 1] is None else row.sigmas[i - 1]
            rows.append({**cells, "note": "; ".join(row.notes)})
        return as_table(rows, pandas)

    def __repr__(self):
        return f"<cascade.Comparison of {', '.join(self.names)}: {'agree' if self.agree else 'differ'}>"


def unlike(folders):
    """Names for folders: the last parts of their paths that tell them apart."""
    parts = [os.path.normpath(os.path.abspath(folder)).split(os.sep) for folder in folders]
    for length in range(1, max(map(len, parts)) + 1):
        names = ["/".join(each[-length:]) for each in parts]
        if len(set(names)) == len(names):
            return names
    return [f"{'/'.join(each[-1:])} ({i})" for i, each in enumerate(parts, 1)]


def compare(*results, sigmas=5.0):
    """Compares results, given as folders or loaded, with the first of them. Throws ValueError where they are fewer
    than two, or runs and campaigns together."""
    if len(results) < 2:
        raise ValueError("compare: give two results or more")
    loaded = [result if hasattr(result, "provenance") else load(result) for result in results]
    if len({isinstance(result, Campaign) for result in loaded}) > 1:
        raise ValueError("compare: some are campaigns and some single runs; compare like with like")
    return Comparison(loaded, unlike([result.directory for result in loaded]), sigmas)
