#!/usr/bin/env python3
"""The page of results of every shape: whole, poor, empty, large. What the program itself writes goes through the same
script in test_real_results.py."""
import os
import unittest

import numpy as np

from made_reports import ReportCase, call_here, curve, large_report, report, result


class Reports(ReportCase):
    def test_line_of_a_gaussian_field(self):
        """D = 1: no boxes, nothing sampled, a slice of one row."""
        results = [result(f"grid/zeta/p{p}", "zeta", p / 2, order=float(p)) for p in (1, 2, 3)]
        results.append(result("grid/spectrum_slope", "spectrum_slope", -2.0))
        page = self.page(report(results), np.sin(np.arange(500.0))[None, :])
        self.assertEqual(page.pictures, 5)  # zeta, structure, slopes, spectrum, slice
        self.assertIn("A plain <sentence> & no more.", page.text)

    def test_what_was_missed_has_a_row(self):
        """An exponent without a range does not vanish: its row says so. A table of many columns may break its cells."""
        missed = [{"id": "grid/alpha/uniform/volume/k0/q2", "why": "too few scales for an exponent: 2 over 1 octaves"}]
        table = {"title": "Wide", "columns": [f"estimator {i}" for i in range(15)], "rows": [["9.3 +- 1.3"] * 15], "note": ""}
        page = self.page(report(missed=missed, page={"answers": [], "tables": [table], "figures": []}))
        for said in ("grid/alpha/uniform/volume/k0/q2", "no range", "2 over 1 octaves"):
            self.assertIn(said, page.text)
        with open(os.path.join(self.path, "report.html"), encoding="utf-8") as file:
            text = file.read()
        self.assertIn('<table class="stack  wide">', text)
        self.assertIn(".wide td.num { white-space: normal", text)

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
        self.assertEqual(call_here("--figure", "one", self.path, "-o", target).returncode, 0)
        with open(target, "rb") as file:
            self.assertEqual(file.read(4), b"\x89PNG")
        self.assertIn("two", call_here("--figure", "list", self.path).stdout)

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
