"""Keeps the reports of every shipped input, and compares them after a change that must not move a bit.

usage: same_reports.py keep    PROGRAM FOLDER [--ranks 1 3] [INPUT ...]     runs every input (--check), keeps FOLDER/RANKS/NAME.json
       same_reports.py compare PROGRAM FOLDER [--ranks 1 3] [--allow PATTERN ...] [INPUT ...]

Everything in report.json is compared but who ran it, when and how long (`run`, `timing`, versions). A change that is meant
is named by --allow, a regular expression of its place (results.sampled/zeta/p2.fit.chi2_per_dof). Prints every other place that
differs; exit code 1 when there is one. The resolved configuration is compared as well.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
               "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_hwloc_base_binding_policy": "none",
               "OMPI_MCA_mpi_yield_when_idle": "1"}
WHO_AND_WHEN = re.compile(
    r"^(timing|libraries|program|version|git)\b"
    r"|^run\.(?!config\b|name$|seed$)"
    r"|(^|\.)(wall_seconds|seconds|started|host|ranks|peak_bytes_per_rank|folder|results_folder|cpu_seconds)$")


def report_of(program, source, ranks):
    """report.json of one shrunken run, as an object."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "out"
        command = [os.environ.get("CASCADE_MPIRUN", "mpirun"), "-n", str(ranks), program, str(source), "--check", "--quiet",
                   "--output", str(output)]
        done = subprocess.run(command, env={**ENVIRONMENT, **os.environ}, capture_output=True, text=True, cwd=ROOT,
                              stdin=subprocess.DEVNULL)
        if not (output / "report.json").exists():
            sys.exit(f"{source}: no report (exit code {done.returncode})\n{done.stdout}{done.stderr}")
        return json.loads((output / "report.json").read_text())


def name_of(item, number):
    """A list's item by its own name, where it has one: a place stays the same when others come before it."""
    if isinstance(item, dict) and isinstance(item.get("id"), str):
        return item["id"] + (f"@{item['result']}" if isinstance(item.get("result"), str) else "")
    return str(number)


def places(value, place=""):
    """Every number, word and null with its place."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, f"{place}.{key}" if place else key)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, f"{place}.{name_of(inner, number)}")
        yield f"{place}.length", len(value)
    else:
        yield place, value


def differences(before, after, allowed):
    """Places whose values differ, with both; a place that only one of the two has counts."""
    old, new = dict(places(before)), dict(places(after))
    absent = object()
    for place in list(old) + [p for p in new if p not in old]:
        if WHO_AND_WHEN.search(place) or any(a.search(place) for a in allowed):
            continue
        a, b = old.get(place, absent), new.get(place, absent)
        if a is absent or b is absent or type(a) is not type(b) or a != b:
            yield place, "(absent)" if a is absent else a, "(absent)" if b is absent else b


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["keep", "compare"])
    parser.add_argument("program")
    parser.add_argument("folder", type=Path)
    parser.add_argument("inputs", nargs="*")
    parser.add_argument("--ranks", nargs="+", type=int, default=[1, 3])
    parser.add_argument("--allow", nargs="+", default=[])
    parser.add_argument("--most", type=int, default=12, help="differences shown for each input")
    arguments = parser.parse_args()
    allowed = [re.compile(pattern) for pattern in arguments.allow]
    names = arguments.inputs or sorted(p.stem for p in (ROOT / "inputs").glob("*.yaml"))
    different = 0
    for ranks in arguments.ranks:
        kept = arguments.folder / str(ranks)
        kept.mkdir(parents=True, exist_ok=True)
        for name in names:
            file = kept / f"{name}.json"
            if arguments.mode == "compare" and not file.exists():
                print(f"{name}, {ranks} ranks: a new input, nothing to compare")
                continue
            report = report_of(arguments.program, ROOT / "inputs" / f"{name}.yaml", ranks)
            if arguments.mode == "keep":
                file.write_text(json.dumps(report, indent=1))
                continue
            found = list(differences(json.loads(file.read_text()), report, allowed))
            different += len(found)
            print(f"{name}, {ranks} ranks: {'the same' if not found else f'{len(found)} places differ'}", flush=True)
            for place, old, new in found[:arguments.most]:
                print(f"    {place}: {old!r} -> {new!r}")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
