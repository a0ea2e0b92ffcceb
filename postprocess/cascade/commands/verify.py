"""Check that the files in DIR are what the run wrote: all of them against DIR/checksums.sha256; of field.h5, where
there is one, also the checksum of every plane, and the box it describes against the shape of the data.

    cascade-verify DIR      exit code 0: intact, 4: damaged (planes, axes or files are named), 2: cannot be read

The checksum is explained in docs/report.md.
"""
import os
import sys

from .. import modules
from ..report import checksums

if modules.missing("h5py", "numpy"):
    print(f"{os.path.basename(sys.argv[0])}: {modules.advice(modules.missing('h5py', 'numpy'))}", file=sys.stderr)
    sys.exit(2)
import h5py  # noqa: E402  (after the question whether they are there)
import numpy as np  # noqa: E402


def mix(x):
    """The finaliser of splitmix64 on arrays of uint64; products and sums wrap around."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def checksum(plane):
    bits = np.ascontiguousarray(plane, dtype="<f8").reshape(-1).view("<u8")
    index = np.arange(1, bits.size + 1, dtype=np.uint64)
    return mix(bits + index * np.uint64(0x9E3779B97F4A7C15)).sum(dtype=np.uint64)


def damaged_planes(values, expected):
    if len(expected) == 1:
        return [] if checksum(values[:]) == expected[0] else [0]
    return [i for i in range(len(expected)) if checksum(values[i]) != expected[i]]


def wrong_axes(values, box):
    """Axes whose points, spacing, length and boundary do not belong together (format cascade-field/2)."""
    if "length" not in box:
        return []
    axes = [name.decode() for name in box["axes"]]
    described = {key: list(box[key]) for key in ("length", "spacing", "boundary")}
    if any(len(each) != values.ndim for each in (axes, *described.values())):
        return axes
    return [axis for axis, points, length, spacing, boundary in zip(axes, values.shape, *described.values())
            if not np.isclose(points * spacing, length, rtol=1e-12, atol=0) or boundary not in (b"periodic", b"open")]


def main():
    if len(sys.argv) == 2 and sys.argv[1] in ("-h", "--help"):
        print(__doc__)
        return 0
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    directory = sys.argv[1]
    path = os.path.join(directory, "field.h5")
    damaged = False
    there = [name for name in ("report.json", "results.h5", "field.h5") if os.path.isfile(os.path.join(directory, name))]
    wrong = checksums.damage(directory, required=there)
    if wrong is None:  # a field alone may have been copied from its result
        wrong = [checksums.missing(directory)] if "report.json" in there else []
    if there and "field.h5" not in there:
        print("\n".join(wrong) or f"{directory}: intact, as {checksums.NAME} says; there is no field")
        return 4 if wrong else 0
    try:
        with h5py.File(path, "r") as file:
            for name, values in file["field"].items():
                planes = damaged_planes(values, file["checksum"][name][:])
                axes = wrong_axes(values, file["field"].attrs)
                damaged = damaged or bool(planes) or bool(axes)
                said = [f"damaged in plane {', '.join(map(str, planes))}"] if planes else []
                said += [f"shape and description differ along axis {', '.join(axes)}"] if axes else []
                print(f"{path}: {name}: " + ("; ".join(said) or "intact"))
    except (OSError, KeyError, ValueError, TypeError, RuntimeError) as error:
        print(f"{os.path.basename(sys.argv[0])}: {path}: cannot be read: {error}", file=sys.stderr)
        return 4 if wrong and os.path.exists(path) else 2
    for line in wrong:
        print(line)
    return 4 if damaged or wrong else 0
