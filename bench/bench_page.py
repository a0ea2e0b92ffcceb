#!/usr/bin/env python3
"""Processor time of the page of a campaign and of the largest page of a single run (no MPI; table.py runs it once).

The campaign is run first, by the program in the build folder this benchmark was linked into.
"""
import importlib.util
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = Path(os.path.abspath(sys.argv[0])).parent.parent
SCRIPT = ROOT / "postprocess" / "report.py"


def test_module(name):
    """The inputs of the tests, which know what a page must be able to show."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tests" / "postprocess" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def seconds_of_page(folder):
    def spent():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    before = spent()
    subprocess.run([sys.executable, "-B", str(SCRIPT), folder], check=True, stdout=subprocess.DEVNULL)
    return spent() - before


def row(name, folder):
    print(f"{name}_page {min(seconds_of_page(folder) for _ in range(3)):.3f} s")
    print(f"{name}_page_size {os.path.getsize(os.path.join(folder, 'report.html')) / 1e6:.3f} MB")


def main():
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "page.yaml")
        Path(source).write_text(test_module("test_campaign_page").INPUT, encoding="utf-8")
        out = os.path.join(folder, "out")
        subprocess.run([str(BUILD / "cascade"), source, "--output", out, "--quiet"], check=True)
        row("campaign", out)
    with tempfile.TemporaryDirectory() as folder:
        tests = test_module("made_reports")
        tests.store(folder, *tests.large_report())
        row("largest", folder)


if __name__ == "__main__":
    main()
