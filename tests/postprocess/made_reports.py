"""Results made by hand for report.py: of every shape, and the page that comes of them."""
import contextlib
import html.parser
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
import unittest.mock
import warnings

import h5py
import numpy as np

SOURCE = os.environ.get("CASCADE_SOURCE_DIR") or os.path.join(os.path.dirname(__file__), "..", "..")
SCRIPT = os.path.join(SOURCE, "postprocess", "report.py")
sys.path.insert(0, os.path.join(SOURCE, "postprocess"))
from cascade.commands import report as command  # noqa: E402  (after the path)
from cascade.report import checksums  # noqa: E402

SECONDS = float(os.environ.get("CASCADE_TEST_TIMEOUT", "300"))  # a hang, not a slow machine


def curve(exponent, count=8, start=1):
    x = 2.0 ** -np.arange(start, start + count)
    y = x**exponent
    return {
        "x_name": "r",
        "y_name": "S",
        "x_unit": "1",
        "y_unit": "1",
        "x": x.tolist(),
        "y": y.tolist(),
        "standard_error": (0.02 * y).tolist(),
        "local_slope": [exponent] * count,
        "count": [100.0] * count,
    }


def result(identity, quantity, value, **changes):
    made = {
        "id": identity,
        "stage": "s",
        "quantity": quantity,
        "order": None,
        "method": "grid",
        "settings": {
            "partition": None,
            "average": None,
            "degree": None,
            "loss_power": None,
            "component": None,
            "set": None,
        },
        "predicted": {"value": value, "formula": "law - of zeta"},
        "measured": {"value": value, "standard_error": 0.01, "interval95": [value - 0.02, value + 0.02]},
        "fit": {
            "model": "m",
            "window": [0.01, 0.3],
            "points": 5,
            "chi2_per_dof": 1.0,
            "loglog_slope": value,
            "note": "",
        },
        "z": 0.0,
        "verdict": "supported",
        "curve": curve(value),
    }
    made.update(changes)
    return made


def report(results=(), hypotheses=(), **changes):
    made = {
        "schema": "cascade-report/1",
        "verdict": "A plain <sentence> & no more.",
        "exit_code": 0,
        "hypotheses": list(hypotheses),
        "checks": [],
        "warnings": [],
        "theory": {
            "embedding_dimension": 1,
            "dimension": 1.0,
            "hurst": 0.5,
            "source": "generator",
            "reference": "r",
            "zeta": [{"order": 1.0, "value": 0.5}, {"order": 2.0, "value": 1.0}],
        },
        "results": list(results),
        "timing": {"field": 0.5},
        "run": {
            "name": "test",
            "input": "inputs/test.yaml",
            "config": {"run": {"seed": 1}},
            "seed": 1,
            "ranks": 1,
            "version": "0",
            "git": "abc",
            "compiler": "c",
            "libraries": {"fftw": "3"},
            "host": "h",
            "started": "2025-01-01T00:00:00Z",
            "wall_seconds": 1.0,
            "peak_bytes_per_rank": 1 << 20,
            "field_bytes_per_rank": 1 << 19,
        },
    }
    made.update(changes)
    return made


def store(directory, content, slice_=None, sums=True):
    """As a run leaves it; without checksums what is broken afterwards is not seen by them."""
    with open(os.path.join(directory, "report.json"), "w", encoding="utf-8") as file:
        json.dump(content, file)
    with h5py.File(os.path.join(directory, "results.h5"), "w") as file:
        for each in content.get("results", []):
            group = file.create_group("results/" + each["id"])
            for name in (
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
            ):
                if each["curve"].get(name):
                    group[name] = np.array([np.nan if v is None else v for v in each["curve"][name]])
            for axis in "xy":
                if axis in group:
                    said = {
                        "name": each["curve"].get(axis + "_name"),
                        "unit": each["curve"].get(axis + "_unit"),
                        "drawn": each["curve"].get("drawn", {}).get(axis),
                    }
                    group[axis].attrs.update({name: value for name, value in said.items() if value is not None})
        if slice_ is not None:
            file["field/slice"] = slice_
            file["field/slice"].attrs["spacing"] = 1.0 / slice_.shape[1]
    lines = [f"{checksums.digest(os.path.join(directory, name))}  {name}\n" for name in ("results.h5", "report.json")]
    with open(os.path.join(directory, checksums.NAME), "w", encoding="utf-8") as file:
        file.writelines(lines)
    if not sums:
        os.unlink(os.path.join(directory, checksums.NAME))


def call(*arguments, python=(sys.executable, "-B"), **options):
    """report.py as a user starts it."""
    return subprocess.run(
        [*python, SCRIPT, *arguments], capture_output=True, text=True, timeout=SECONDS, check=False, **options
    )


def call_here(*arguments):
    """The same in this process, which has matplotlib loaded already: what it prints and its exit code."""
    said = {name: io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for name in ("stdout", "stderr")}
    code = 0
    with contextlib.redirect_stdout(said["stdout"]), contextlib.redirect_stderr(said["stderr"]), warnings.catch_warnings():
        warnings.simplefilter("default")  # a process of its own would show them, whatever was warned of before
        with unittest.mock.patch.object(sys, "argv", [SCRIPT, *map(str, arguments)]):
            try:
                command.main()
            except SystemExit as end:
                code = end.code or 0
    for stream in said.values():
        stream.flush()
    printed = {name: stream.buffer.getvalue().decode("utf-8") for name, stream in said.items()}
    return subprocess.CompletedProcess([SCRIPT, *arguments], code, **printed)


def large_report():
    """Report and slice of a run that measured everything there is, by both methods."""
    results = [
        result(f"{m}/zeta/p{p}", "zeta", 0.3 * p, order=float(p), method=m, curve=curve(0.3 * p, 14))
        for m in ("grid", "sampled")
        for p in range(1, 9)
    ]
    results += [
        result(
            f"{m}/alpha/{s}/{a}/{q}/{k}",
            "alpha",
            0.3,
            method=m,
            curve=curve(-0.3, 14),
            settings={"partition": s, "average": a, "degree": k, "loss_power": q},
        )
        for m in ("grid", "sampled")
        for s in ("uniform", "adaptive")
        for a in ("active", "volume")
        for q in (2.0, 4.0)
        for k in (0, 1)
    ]
    results += [result("grid/boxes", "dimension_box", 2.8), result("grid/spectrum", "spectrum_slope", -1.7)]
    return report(results), np.random.default_rng(1).normal(size=(512, 512))


class Page(html.parser.HTMLParser):
    """Text, open tags left over, everything the page would fetch, and what a reader without eyes or mouse goes by."""

    VOID = {"meta", "img", "br", "link", "hr"}

    def __init__(self, text):
        super().__init__()
        self.open, self.fetched, self.pictures, self.text = [], [], 0, ""
        self.stacked = False
        self.headings, self.alts, self.ids, self.fragments, self.unlabelled = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)
        given = dict(attrs)
        self.pictures += tag == "img"
        self.fetched += [
            v for k, v in attrs if (k == "src" or k == "href" and tag != "a") and not v.startswith("data:")
        ]
        self.fragments += [given["href"][1:]] if tag == "a" and given["href"].startswith("#") else []
        self.ids += [given["id"]] if "id" in given else []
        self.alts += [given.get("alt")] if tag == "img" else []
        self.headings += [int(tag[1])] if tag in ("h1", "h2", "h3", "h4") else []
        if (
            tag == "td"
            and "data-label" not in given
            and "colspan" not in given
            and given.get("class") not in ("none", "bar")
        ):
            self.unlabelled += [tuple(self.open)] if self.stacked else []
        if tag == "table":
            self.stacked = "stack" in (given.get("class") or "")

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data):
        if self.open[-1:] not in (["style"], ["script"]):
            self.text += data


class ReportCase(unittest.TestCase):
    """A folder for one result, and the page of it held to what holds for every page."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = self.folder.name

    def page(self, content, slice_=None):
        store(self.path, content, slice_)
        ran = call_here(self.path)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        with open(os.path.join(self.path, "report.html"), encoding="utf-8") as file:
            page = Page(file.read())
        self.assertEqual((page.open, page.fetched), ([], []))  # well-formed, and nothing comes from elsewhere
        self.assertNotRegex(page.text.lower(), r"\bnan\b|\bnone\b")
        self.assertEqual(len(page.ids), len(set(page.ids)))
        self.assertEqual([f for f in page.fragments if f not in page.ids], [])  # the list of contents leads somewhere
        self.assertEqual(page.headings.count(1), 1)
        self.assertEqual([b for a, b in zip(page.headings, page.headings[1:]) if b > a + 1], [])  # no level is skipped
        self.assertTrue(all(alt and len(alt) > 20 for alt in page.alts), page.alts)
        self.assertEqual(page.unlabelled, [])  # on a narrow screen every cell stands beside the name of its column
        return page
