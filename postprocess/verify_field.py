#!/usr/bin/env python3
"""Check that DIR/field.h5 is what the run wrote: recompute the checksum of every plane.

    verify_field.py DIR      exit code 0: intact, 4: damaged (the planes are named), 2: cannot be read

The checksum is explained in docs/report.md.
"""
import os
import sys

try:
    import h5py
    import numpy as np
except ImportError as missing:
    print(f"verify_field.py: {missing}. Debian, Ubuntu: apt-get install python3-h5py python3-numpy", file=sys.stderr)
    sys.exit(2)


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


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    path = os.path.join(sys.argv[1], "field.h5")
    damaged = False
    try:
        with h5py.File(path, "r") as file:
            for name, values in file["field"].items():
                planes = damaged_planes(values, file["checksum"][name][:])
                damaged = damaged or bool(planes)
                print(f"{path}: {name}: " + (f"damaged in plane {', '.join(map(str, planes))}" if planes else "intact"))
    except (OSError, KeyError) as error:
        print(f"verify_field.py: {path}: cannot be read: {error}", file=sys.stderr)
        return 2
    return 4 if damaged else 0


if __name__ == "__main__":
    sys.exit(main())
