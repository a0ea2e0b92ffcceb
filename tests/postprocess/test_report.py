#!/usr/bin/env python3
"""postprocess/report.py on outputs of every shape: whole, poor, empty, broken. What the program itself writes goes
through the same script in tests/app/test_output.cpp."""
import html.parser
import json
import os
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

SOURCE = os.environ.get("CASCADE_SOURCE_DIR") or os.path.join(os.path.dirname(__file__), "..", "..")
SCRIPT = os.path.join(SOURCE, "postprocess", "report.py")
sys.path.insert(0, os.path.join(SOURCE, "postprocess"))
from cascade.report import data, figures, residuals  # noqa: E402  (after the path)

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


def store(directory, content, slice_=None):
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


def call(*arguments, python=(sys.executable, "-B"), **options):
    return subprocess.run(
        [*python, SCRIPT, *arguments], capture_output=True, text=True, timeout=SECONDS, check=False, **options
    )


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


class Reports(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = self.folder.name

    def page(self, content, slice_=None):
        store(self.path, content, slice_)
        ran = call(self.path)
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

    def test_line_of_a_gaussian_field(self):
        """D = 1: no boxes, nothing sampled, a slice of one row."""
        results = [result(f"grid/zeta/p{p}", "zeta", p / 2, order=float(p)) for p in (1, 2, 3)]
        results.append(result("grid/spectrum_slope", "spectrum_slope", -2.0))
        page = self.page(report(results), np.sin(np.arange(500.0))[None, :])
        self.assertEqual(page.pictures, 5)  # zeta, structure, slopes, spectrum, slice
        self.assertIn("A plain <sentence> & no more.", page.text)

    def test_nothing_measured(self):
        page = self.page(report(theory={"embedding_dimension": 1, "dimension": None, "hurst": None, "zeta": []}))
        self.assertEqual(page.pictures, 0)

    def test_values_that_are_not_known(self):
        """Every number that JSON may hold as null is null."""
        bare = result("grid/zeta/p2", "zeta", 1.0, order=2.0, predicted=None, z=None, verdict="not judged")
        bare["measured"] = {"value": 1.0, "standard_error": None, "interval95": None}
        bare["fit"].update(chi2_per_dof=None, loglog_slope=None, window=[])
        bare["curve"]["y"][2] = None
        bare["curve"]["standard_error"] = []
        none = result("grid/alpha", "alpha", 1.0, predicted=None)
        none["measured"] = {"value": None, "standard_error": None, "interval95": None}
        none["curve"] = {"x": [], "y": [], "standard_error": [], "local_slope": []}
        page = self.page(report([bare, none]))
        self.assertEqual(page.pictures, 3)

    def test_vectors_settings_and_hypotheses(self):
        results, hypotheses = [], []
        for component in ("longitudinal", "transverse"):
            settings = {"component": component}
            results.append(result(f"grid/zeta/{component}/p2", "zeta", 1.0, order=2.0, settings=settings))
        for verdict in ("supported", "rejected", "undecided", "not distinguishable", "near saturation"):
            settings = {"partition": "uniform", "average": "volume", "degree": 0, "loss_power": 2.5}
            identity = "grid/alpha/" + verdict.replace(" ", "_")
            results.append(result(identity, "alpha", 0.7, settings=settings))
            hypotheses.append(
                {
                    "id": "zeta_q/D",
                    "result": identity,
                    "method": "grid",
                    "settings": settings,
                    "predicted": 0.7,
                    "measured": 0.71,
                    "standard_error": 0.01,
                    "z": 1.0,
                    "verdict": verdict,
                    "group": [],
                    "sentence": f"In words: {verdict}.",
                }
            )
        page = self.page(
            report(
                results,
                hypotheses,
                warnings=["mind the gap"],
                checks=[{"id": "c", "measured": 1.0, "expected": 1.0, "tolerance": 0.1, "passed": False}],
            )
        )
        for expected in ("ζ_q/D", "q = 2.5", "In words: near saturation.", "mind the gap", "failed", "longitudinal"):
            self.assertIn(expected, page.text)

    def test_the_answer_stands_first(self):
        """Question and answer, then the figure of the rows that decide; what else the verdict says comes after."""
        rows = [
            result(
                f"sampled/alpha/{k}",
                "alpha",
                0.19,
                method="sampled",
                curve=curve(-0.19),
                status="good",
                settings={"partition": "adaptive", "average": "active", "degree": k, "loss_power": 2.0},
            )
            for k in (0, 1)
        ]
        rows.append(
            result(
                "grid/alpha/uniform",
                "alpha",
                0.17,
                curve=curve(-0.17),
                status="good",
                settings={"partition": "uniform", "average": "volume", "degree": 0, "loss_power": 2.0},
            )
        )
        answer = {
            "question": "Is alpha = 4h/d?",
            "text": "No for the mean-square loss: 0.190 +- 0.010 = 2h/d.",
            "results": ["sampled/alpha/0"],
        }
        page = self.page(
            report(
                rows,
                answer=answer,
                verdict="Is alpha = 4h/d? No for the mean-square loss: 0.190 +- 0.010 = 2h/d. 3 of 3 agree.",
            )
        )
        places = [
            page.text.index(part)
            for part in (
                "Is α = 4h/d?",
                "No for the mean-square loss: 0.190 ± 0.010 = 2h/d.",
                "What to do next",
                "3 of 3 agree.",
                "Contents",
            )
        ]
        self.assertEqual(places, sorted(places))
        self.assertEqual(page.text.count("No for the mean-square loss"), 1)
        self.assertIn("adaptive, active set, q = 2, degree 1, sampled: 0.190 ± 0.010", page.alts[0])
        self.assertNotIn("uniform", page.alts[0])

    def test_how_fits_stand_is_seen(self):
        """Every status, a large chi^2/dof, and a dash only where nothing could be computed."""
        rows = []
        for number, (status, chi2, p) in enumerate(
            (
                ("good", 0.9, 0.6),
                ("widened", 12.0, 1e-9),
                ("failed", 525.0, 0.0),
                ("pinned", None, None),
                ("no range", 1.2, 0.3),
            )
        ):
            row = result(f"grid/zeta/p{number + 1}", "zeta", 1.0, order=float(number + 1), status=status)
            row["fit"].update(
                status=status, widened_by=3.2 if status == "widened" else 1, chi2_per_dof=chi2, p_value=p, octaves=4.0
            )
            rows.append(row)
        page = self.page(report(rows))
        for expected in (
            "1 good",
            "1 widened",
            "1 no range",
            "1 pinned",
            "1 failed",
            "widened 3.2×",
            "12 (large)",
            "525 (large)",
            "< 0.0001",
        ):
            self.assertIn(expected, page.text)
        self.assertNotIn("0.9 (large)", page.text)

    def test_fitted_curves_and_residuals(self):
        """Drawn where the report has them; where it has none the strip says so (reports of older versions)."""
        bare, with_fit = (result("grid/zeta/p2", "zeta", 1.0, order=2.0) for _ in range(2))
        y = with_fit["curve"]["y"]
        with_fit["curve"].update(
            fitted=[None, *[1.01 * v for v in y[1:-1]], None],
            residual=[None, *[-0.5] * (len(y) - 2), None],
            local_slope_error=[0.05] * len(y),
        )
        told = {
            "x_name": "k",
            "x_unit": "1",
            "y_name": "energy of a wave",
            "y_unit": "1",
            "x": [1.0, 2.0, 4.0],
            "y": [1.0, 0.3, 0.1],
            "standard_error": [0.1, 0.02, 0.01],
            "fitted": [1.0, 0.32, 0.1],
            "residual": [0.0, -1.0, 0.0],
        }
        with_fit["answers"] = {
            "blind": {
                "value": 1.0,
                "standard_error": 0.1,
                "interval95": [0.8, 1.2],
                "status": "good",
                "reason": "",
                "curve": told,
            }
        }
        for row, drawn in ((bare, False), (with_fit, True)):
            store(self.path, report([row]))
            loaded = data.load(self.path)
            axis, strip = figures.draw(loaded, "structure").figure.axes
            lines = [
                line for line in axis.get_lines() if line.get_linestyle() == "-" and len(line.get_xdata()) == len(y) - 2
            ]
            self.assertEqual(len(lines), int(drawn))
            self.assertEqual(any(residuals.NONE in text.get_text() for text in strip.texts), not drawn)
            if drawn:
                np.testing.assert_allclose(strip.shown_residuals, -0.5)
                slopes = figures.draw(loaded, "slopes").figure.axes[0]
                bar = slopes.containers[0].lines[2][0].get_segments()[0]
                self.assertAlmostEqual(bar[1][1] - bar[0][1], 2 * 1.96 * 0.05)
            self.assertEqual("blind" in figures.available(loaded), drawn)

    def test_scaling_law(self):
        """Answer first, then tables and the figures as described; holes in the numbers are no matter."""
        line = {"label": "p = 0.1", "style": "line", "x": [1e-6, 1e-3, 1.0], "y": [0.03, None, 0.3], "error": []}
        dots = {"label": "data", "style": "points", "x": [1e-5, 1e-2], "y": [0.05, 0.2], "error": [0.01, None]}
        dashed = {"label": "alpha", "style": "dashed", "x": [1e-6, 1.0], "y": [0.3, 0.3], "error": []}
        figures = [
            {
                "name": name,
                "title": "T " + name,
                "caption": "C " + name,
                "x_label": "1/N",
                "y_label": "y",
                "y_log": log,
                "series": [line, dots, dashed],
                "band": [0.05, 0.1],
                "band_label": "band",
            }
            for name, log in (("one", True), ("two", False))
        ]
        table = {
            "title": "Fitted parameters",
            "columns": ["objective", "alpha"],
            "rows": [["huber_log", "0.34731"], ["x < y", "inf"]],
            "note": "240 points.",
        }
        bare = result(
            "huber_log/alpha", "alpha", 0.00034731, predicted=None, z=None, verdict="not judged", method="huber_log"
        )
        bare["measured"]["standard_error"] = 1.5e-5
        bare["fit"].update(chi2_per_dof=None, loglog_slope=None)
        figures[0]["results"] = [bare["id"]]  # its curve has no figure of its own
        content = report(
            [bare],
            task="scaling_law",
            theory=None,
            verdict="The first answer.",
            scaling={"answers": ["The first answer.", "The second answer."], "tables": [table], "figures": figures},
        )
        page = self.page(content)
        self.assertEqual(page.pictures, 2)
        for expected in (
            "The second answer.",
            "Fitted parameters",
            "0.34731",
            "x < y",
            "240 points.",
            "T one",
            "C two",
            "(3.47 ± 0.15)×10⁻⁴",
        ):
            self.assertIn(expected, page.text)
        self.assertEqual(page.text.count("The first answer."), 1)
        places = [page.text.index(part) for part in ("The first answer.", "T one", "Fitted parameters", "C two")]
        self.assertEqual(places, sorted(places))
        target = os.path.join(self.path, "one.png")
        self.assertEqual(call("--figure", "one", self.path, "-o", target).returncode, 0)
        with open(target, "rb") as file:
            self.assertEqual(file.read(4), b"\x89PNG")
        self.assertIn("two", call("--figure", "list", self.path).stdout)

    def test_distance_from_the_expectation(self):
        with_it, without = result("grid/zeta/p2", "zeta", 1.0, order=2.0), result(
            "grid/zeta/p3", "zeta", 1.5, order=3.0
        )
        store(self.path, report([with_it, without]))
        self.assertNotIn("expectation", call("--figure", "list", self.path).stdout)
        with_it["curve"].update(expected=[1.01 * y for y in with_it["curve"]["y"]], expected_slope=[1.0] * 8)
        with_it["curve_test"] = {"p_value": 0.1234, "statistic": "Hotelling T^2", "at": [], "z": []}
        without["curve_test"] = {"p_value": None, "note": "no exact expectation"}
        store(self.path, report([with_it, without]))
        target = os.path.join(self.path, "e.svg")
        self.assertEqual(call("--figure", "expectation", self.path, "-o", target).returncode, 0)
        self.assertEqual(call(self.path).returncode, 0)
        with open(os.path.join(self.path, "report.html"), encoding="utf-8") as file:
            page = file.read()
        self.assertIn("Distance from the exact expectation", page)
        self.assertIn("0.12</td>", page)

    def test_figure_export(self):
        store(self.path, report([result("grid/zeta/p2", "zeta", 1.0, order=2.0)]))
        for ending, magic in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
            target = os.path.join(self.path, "f." + ending)
            self.assertEqual(call("--figure", "zeta", self.path, "-o", target).returncode, 0)
            with open(target, "rb") as file:
                self.assertEqual(file.read(len(magic)), magic)
        for arguments, said in (
            (("--figure", "none", self.path, "-o", "a.png"), "choose one of"),
            (("--figure", "boxes", self.path, "-o", "a.png"), "nothing to show"),
            (("--figure", "zeta", self.path), "-o FILE"),
            (("--figure", "zeta", self.path, "-o", "a.gif"), ".png, .svg or .pdf"),
        ):
            ran = call(*arguments)
            self.assertEqual(ran.returncode, 2)
            self.assertIn(said, ran.stderr)
        self.assertIn("zeta", call("--figure", "list", self.path).stdout)

    def test_broken_inputs_say_what_to_do(self):
        def refused(*said):
            ran = call(self.path)
            self.assertEqual(ran.returncode, 2, ran.stderr)
            self.assertNotIn("Traceback", ran.stderr)
            for words in said:
                self.assertIn(words, ran.stderr)

        json_path, h5_path = os.path.join(self.path, "report.json"), os.path.join(self.path, "results.h5")
        refused("report.json", "has not finished")
        store(self.path, report())
        os.unlink(h5_path)
        refused("results.h5", "not there")
        with open(h5_path, "w", encoding="ascii") as file:
            file.write("not HDF5")
        refused("results.h5", "cannot be read")
        for content, said in (
            ("{", "cannot be read"),
            ("[]", "schema"),
            ('{"schema": "cascade-report/9"}', "cascade-report/9"),
        ):
            with open(json_path, "w", encoding="ascii") as file:
                file.write(content)
            refused("report.json", said)
        self.assertIn("no such directory", call(os.path.join(self.path, "none")).stderr)
        self.assertEqual(sorted(os.listdir(self.path)), ["report.json", "results.h5"])

    def test_missing_modules_are_named_with_their_packages(self):
        store(self.path, report())
        ran = call(self.path, python=(sys.executable, "-I", "-S", "-B"))  # no site-packages
        self.assertEqual(ran.returncode, 2)
        self.assertIn("apt-get install python3-numpy python3-h5py python3-matplotlib python3-jinja2", ran.stderr)

    def test_unwritable_output(self):
        store(self.path, report())
        ran = call(self.path, "-o", os.path.join(self.path, "none", "page.html"))
        self.assertEqual(ran.returncode, 4)
        self.assertIn("cannot write: No such file or directory", ran.stderr)

    def test_a_curve_of_many_points_is_thinned_for_drawing(self):
        x = np.arange(100_001.0)
        long = result("grid/spectrum_slope", "spectrum_slope", -2.0)
        long["curve"] = {
            "x": x.tolist(),
            "y": (1 / (x + 1) ** 2).tolist(),
            "standard_error": (0.1 * x).tolist(),
            "local_slope": [-2.0] * len(x),
        }
        self.page(report([long]))
        self.assertLess(os.path.getsize(os.path.join(self.path, "report.html")), 1_000_000)

    def test_size(self):
        """A page as large as they come is under 3 MB (bench/bench_page.py times it)."""
        self.page(*large_report())
        self.assertLess(os.path.getsize(os.path.join(self.path, "report.html")), 3_000_000)


if __name__ == "__main__":
    unittest.main()
