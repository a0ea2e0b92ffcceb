"""Runs the benchmarks at 1 and 2 ranks and prints one table.

usage: table.py FOLDER [NAME...]     FOLDER holds the executables bench_NAME; all of them without NAME

Every benchmark prints, on rank 0, lines   name  value  unit  [ratio R (target T)]
Names have no spaces. A unit "X/s" is a rate of all ranks together, "X/s/core" one of each rank, "s" a time: from these the
speed-up of two ranks over one follows. A line "name value unit" at one rank only is a serial kernel. A link to a script (*.py) is
run once, without MPI.
Exit code 1 when a benchmark fails; a missed target is marked, and is no failure: machines differ.
"""
import os
import re
import subprocess
import sys
from pathlib import Path

RANKS = (1, 2)
# What two ranks must gain over one: work without communication 1.7, a transform what FFTW's own gains in the same run.
INDEPENDENT = re.compile(r"^(grid_fill|evaluate|sampled|structure_functions|uniform_losses|threshold_trees)")
PEERS = (("fft_", "fftw_mpi_measure_"),)
LINE = re.compile(r"^(\S+)\s+([-+0-9.eE]+)\s+(\S+)(?:\s+ratio\s+([-+0-9.eE]+)\s*(?:\(target\s+(.*?)\))?)?\s*$")


def parse(text):
    """{name: (value, unit, ratio or None, target text)} in the order printed."""
    rows = {}
    for line in text.splitlines():
        match = LINE.match(line.strip())
        if match:
            name, value, unit, ratio, target = match.groups()
            rows[name] = (float(value), unit, None if ratio is None else float(ratio), target or "")
    return rows


def speed_up(one, two):
    (v1, unit, *_), (v2, *_) = one, two
    if v1 <= 0 or v2 <= 0:
        return None
    if unit.endswith("/s/core"):
        return 2 * v2 / v1
    if unit.endswith("/s"):
        return v2 / v1
    return v1 / v2 if unit in ("s", "ms") else None


def gain_wanted(key, rows):
    if INDEPENDENT.match(key):
        return 1.7
    for ours, theirs in PEERS:
        peer = theirs + key.removeprefix(ours)
        if key.startswith(ours) and all(peer in rows[ranks] for ranks in RANKS):
            return speed_up(*(rows[ranks][peer] for ranks in RANKS))
    return None


def missed(ratio, target):
    """Whether a target such as '<= 1.25' or '>= 1.7' is missed; a bare number means 'at least'."""
    match = re.match(r"^\s*(<=|>=|<|>)?\s*([-+0-9.eE]+)", target)
    if ratio is None or not match:
        return False
    bound = float(match.group(2))
    return ratio > bound if (match.group(1) or ">=").startswith("<") else ratio < bound


def measure(program, ranks):
    script = program.resolve().suffix == ".py"
    if script and ranks > 1:
        return 0, {}
    launcher = os.environ.get("CASCADE_MPIRUN", "mpirun")
    command = [sys.executable, "-B", str(program)] if script else [launcher, "-n", str(ranks), str(program)]
    run = subprocess.run(command, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    if run.returncode:
        print(f"{program.name} at {ranks} ranks ended with code {run.returncode}", file=sys.stderr)
    return run.returncode, parse(run.stdout)


def show(name, rows):
    """rows: {ranks: parsed}. One line a quantity."""
    print(f"\n{name}")
    print(f"  {'':38} {'1 rank':>11} {'2 ranks':>11}  {'unit':16} {'2 over 1':>8}  {'target':14}  ratio (target), at 1 and 2 ranks")
    for key in dict.fromkeys(k for ranks in RANKS for k in rows[ranks]):
        values = [rows[ranks].get(key) for ranks in RANKS]
        cells = [f"{v[0]:11.4g}" if v else " " * 11 for v in values]
        gain = speed_up(*values) if all(values) else None
        wanted = gain_wanted(key, rows) if gain is not None else None
        aim = "" if wanted is None else f">= {wanted:.2f}{' MISSED' if gain < wanted else ''}"
        ratios = [f"{v[2]:.3g} ({v[3]}){' MISSED' if missed(v[2], v[3]) else ''}" for v in values if v and v[2] is not None]
        unit = next(v[1] for v in values if v)
        print(f"  {key:38} {cells[0]} {cells[1]}  {unit:16} {'' if gain is None else f'{gain:.2f}':>8}  {aim:14}  {'; '.join(ratios)}")


def main():
    folder, wanted = Path(sys.argv[1]), sys.argv[2:]
    programs = sorted(p for p in folder.glob("bench_*") if p.is_file() and os.access(p, os.X_OK))
    known = [p.name.removeprefix("bench_") for p in programs]
    for name in wanted:
        if name not in known:
            sys.exit(f"bench: there is no '{name}'; there are {', '.join(known) or 'none'}")
    status = 0
    for program, name in zip(programs, known):
        if wanted and name not in wanted:
            continue
        results = {ranks: measure(program, ranks) for ranks in RANKS}
        status |= any(code for code, _ in results.values())
        show(name, {ranks: rows for ranks, (_, rows) in results.items()})
        sys.stdout.flush()
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
