#!/usr/bin/env python3
"""cascade.compare and cascade-compare: distances in sigmas, what differs in the inputs, exit codes."""
import copy
import math
import os
import subprocess
import sys
import tempfile
import unittest

SOURCE = os.environ.get("CASCADE_SOURCE_DIR") or os.path.join(os.path.dirname(__file__), "..", "..")
sys.path.insert(0, os.path.join(SOURCE, "postprocess"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cascade  # noqa: E402  (after the paths)
from made_reports import SECONDS, report, result, store  # noqa: E402


def made(results, seed=1, **config):
    content = report(results)
    content["run"].update(seed=seed, config={"run": {"seed": seed}, "field": {"hurst": 0.3, **config}})
    return copy.deepcopy(content)


def zeta(value, error=0.01, name="grid/zeta/p2", **changes):
    return result(name, "zeta", value, order=2.0,
                  measured={"value": value, "standard_error": error, "interval95": None}, **changes)


class Comparing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = folder.name

    def folder(self, name, content):
        place = os.path.join(self.path, name)
        os.makedirs(place, exist_ok=True)
        store(place, content)
        return place

    def compared(self, *contents, **options):
        return cascade.compare(*(self.folder(f"run{i}", each) for i, each in enumerate(contents)), **options)

    def call(self, *arguments):
        return subprocess.run([sys.executable, "-B", os.path.join(SOURCE, "postprocess", "compare.py"), *arguments],
                              capture_output=True, text=True, timeout=SECONDS, check=False)

    def test_distance_in_sigmas_of_independent_errors(self):
        found = self.compared(made([zeta(0.70, 0.03)]), made([zeta(0.75, 0.04)], seed=2),
                              made([zeta(0.2, 0.4)], seed=3))
        self.assertAlmostEqual(found.rows[0].sigmas[0], 1.0)
        self.assertAlmostEqual(found.rows[0].sigmas[1], -0.5 / math.hypot(0.03, 0.4))
        self.assertEqual(found.names, ["run0", "run1", "run2"])
        self.assertTrue(found.agree)
        self.assertEqual(found.notes, [])
        self.assertAlmostEqual(found.furthest, abs(found.rows[0].sigmas[1]))

    def test_agreement_ends_at_the_given_sigmas(self):
        pair = made([zeta(0.70, 0.03)]), made([zeta(0.95, 0.04)], seed=2)  # five
        self.assertTrue(self.compared(*pair, sigmas=5.01).agree)
        self.assertFalse(self.compared(*pair, sigmas=4.99).agree)

    def test_numbers_without_errors(self):
        self.assertTrue(self.compared(made([zeta(0.7, 0.0)]), made([zeta(0.7, 0.0)], seed=2)).agree)
        found = self.compared(made([zeta(0.7, 0.0)]), made([zeta(0.7000001, 0.0)], seed=2))
        self.assertEqual((found.agree, found.furthest), (False, math.inf))

    def test_a_fit_that_decides_nothing_is_shown_and_not_compared(self):
        failed = zeta(9.0)
        failed["fit"]["status"] = "failed"
        found = self.compared(made([zeta(0.7), zeta(0.5, name="b")]), made([failed, zeta(0.5, name="b")], seed=2))
        self.assertEqual((found.rows[0].sigmas, found.rows[1].sigmas), ([None], [0.0]))
        self.assertIn("leaves it open", found.rows[0].notes[0])
        self.assertTrue(found.agree)

    def test_other_ways_are_said(self):
        found = self.compared(made([zeta(0.7, judged_by="blind")]), made([zeta(0.7, judged_by="plain")], seed=2))
        self.assertIn("blind, plain", found.rows[0].notes[0])

    def test_what_differs_in_the_inputs(self):
        found = self.compared(made([zeta(0.7)], points=64, same=1), made([zeta(0.7)], seed=2, points=128, octaves=3,
                                                                         same=1))
        self.assertEqual(found.inputs, {"run.seed": [1, 2], "field.points": [64, 128],
                                        "field.octaves": ["(absent)", 3]})
        self.assertEqual(found.programs, {})

    def test_what_one_has_alone(self):
        found = self.compared(made([zeta(0.7), zeta(0.1, name="mine")]), made([zeta(0.7), zeta(0.2, name="other")],
                                                                              seed=2))
        self.assertEqual(found.only, {"mine": ["run0"], "other": ["run1"]})

    def test_the_same_seed_is_no_independent_error(self):
        self.assertIn("same seed", self.compared(made([zeta(0.7)]), made([zeta(0.7)])).notes[0])

    def test_tables(self):
        row, = self.compared(made([zeta(0.70, 0.03)]), made([zeta(0.75, 0.04)], seed=2)).table(pandas=False)
        self.assertAlmostEqual(row.pop("run1 sigmas"), 1.0)
        self.assertEqual(row, {"what": "grid/zeta/p2", "run0": 0.7, "run0 error": 0.03, "run1": 0.75,
                               "run1 error": 0.04, "note": ""})

    def test_command_agrees(self):
        a, b = self.folder("a", made([zeta(0.70, 0.03)])), self.folder("b", made([zeta(0.75, 0.04)], seed=2))
        ran = self.call(a, b)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        for words in ("grid/zeta/p2", "0.700 +- 0.030", "0.750 +- 0.040", "+1.0", "run.seed",
                      "They agree: the furthest of 1"):
            self.assertIn(words, ran.stdout)

    def test_command_differs(self):
        a, b = self.folder("a", made([zeta(0.70)])), self.folder("b", made([zeta(0.9)], seed=2))
        ran = self.call(a, b)
        self.assertEqual((ran.returncode, ran.stderr), (1, ""))
        self.assertIn("+14.1  differs", ran.stdout)
        self.assertEqual(self.call(a, b, "--sigmas", "15").returncode, 0)

    def test_command_has_nothing_to_compare(self):
        a, b = self.folder("a", made([zeta(0.7)])), self.folder("b", made([zeta(0.7, name="other")], seed=2))
        ran = self.call(a, b)
        self.assertEqual(ran.returncode, 1)
        self.assertIn("Nothing could be compared", ran.stdout)

    def test_command_refuses(self):
        a = self.folder("a", made([zeta(0.7)]))
        for arguments, code, words in (((a,), 2, "two results or more"), ((a, self.path), 2, "report.json"),
                                       ((a, a, "--sigmas", "-1"), 2, "positive number"), ((), 2, "DIR")):
            ran = self.call(*arguments)
            self.assertEqual(ran.returncode, code, ran.stderr)
            self.assertIn(words, ran.stderr)
            self.assertNotIn("Traceback", ran.stderr)
        with open(os.path.join(a, "checksums.sha256"), "w", encoding="ascii") as file:
            file.write("0" * 64 + "  report.json\n" + "0" * 64 + "  results.h5\n")
        self.assertEqual(self.call(a, a).returncode, 4)

    def test_folders_of_one_name_are_told_apart(self):
        a = self.folder("x/same", made([zeta(0.7)]))
        b = self.folder("y/same", made([zeta(0.7)], seed=2))
        self.assertEqual(cascade.compare(a, b).names, ["x/same", "y/same"])
        self.assertEqual(cascade.compare(a, a).names, ["same (1)", "same (2)"])

    def drawn(self, name, factor, error, seed):
        x = [0.01 * 2 ** i for i in range(6)]
        y = [factor * v ** 0.7 for v in x]
        each = zeta(0.7, curve={"x": x, "y": y, "standard_error": [error * v for v in y], "x_name": "r",
                                "y_name": "S_2"})
        return self.folder(name, made([each], seed=seed))

    def test_curves_over_one_another(self):
        a, b = self.drawn("a", 1.0, 0.03, 1), self.drawn("b", 1.05, 0.04, 2)
        pdf, svg = os.path.join(self.path, "both.pdf"), os.path.join(self.path, "both.svg")
        ran = self.call(a, b, "--figure", pdf, "--figure", svg)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        self.assertIn(f"b is {math.log(1.05) / 0.05:.2f} sigmas from a", ran.stdout)
        with open(pdf, "rb") as file:
            self.assertEqual(file.read(5), b"%PDF-")
        with open(svg, encoding="utf-8") as file:
            self.assertIn("<svg", file.read())

    def test_a_run_and_a_published_curve(self):
        a = self.drawn("a", 1.0, 0.03, 1)
        table = os.path.join(self.path, "published.csv")
        x = [0.012, 0.05, 0.2, 5.0]  # between the points of the run, on its straight line; the last is outside
        with open(table, "w", encoding="utf-8") as file:
            file.write("# read off a figure\nr,S_2,error\n")
            file.writelines(f"{v},{1.1 * v ** 0.7},{0.04 * 1.1 * v ** 0.7}\n" for v in x)
        svg = os.path.join(self.path, "one.svg")
        ran = self.call(a, table, "--curve", "grid/zeta/p2", "--figure", svg)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        self.assertIn(f"published.csv is {math.log(1.1) / 0.05:.2f} sigmas from a (root mean square of 3 points",
                      ran.stdout)
        self.assertTrue(os.path.exists(svg))
        self.assertEqual(self.call(a, table, "--sigmas", "1").returncode, 1)
        for text, words in (("x,y\n1,2\n1,two\n", "csv:3"), ("1,2\n", "fewer than two"), ("1\n2\n", "1 columns")):
            with open(table, "w", encoding="utf-8") as file:
                file.write(text)
            ran = self.call(a, table)
            self.assertEqual(ran.returncode, 2, ran.stderr)
            self.assertIn(words, ran.stderr)
        self.assertIn("no curve 'grid/x'", self.call(a, a, "--curve", "grid/x").stderr)
        self.assertIn(".pdf, .svg or .png", self.call(a, a, "--figure", "x.gif").stderr)

    def test_text_of_others_is_shown_plain(self):
        a, b = self.folder("a", made([zeta(0.7)], note="\x1b[31mred")), self.folder("b", made([zeta(0.7)], seed=2))
        self.assertNotIn("\x1b", self.call(a, b).stdout)


if __name__ == "__main__":
    unittest.main()
