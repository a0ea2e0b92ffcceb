#!/usr/bin/env python3
"""cascade.load on folders of every kind: what is there comes back, what is not is said in words."""
import json
import math
import os
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import h5py
import numpy as np

SOURCE = os.environ.get("CASCADE_SOURCE_DIR") or os.path.join(os.path.dirname(__file__), "..", "..")
sys.path.insert(0, os.path.join(SOURCE, "postprocess"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cascade  # noqa: E402  (after the paths)
from cascade import modules  # noqa: E402
from made_reports import curve, report, result, store  # noqa: E402

HERE = {"partition": "uniform", "average": "volume", "degree": 0, "loss_power": 2.0, "component": None, "set": None}


def alpha(degree, partition="uniform", value=0.3, **changes):
    return result(f"grid/alpha/{partition}/k{degree}", "alpha", value, curve=curve(-value), stage="approximation",
                  settings={**HERE, "degree": degree, "partition": partition}, **changes)


class Loading(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = folder.name

    def load(self, *results, **changes):
        store(self.path, report(results, **changes), sums=False)  # other tests ask for checksums
        return cascade.load(self.path)

    def refused(self, kind, function, *words):
        with self.assertRaises(kind) as caught:
            function()
        for word in words:
            self.assertIn(word, str(caught.exception))

    def test_numbers_laws_and_words(self):
        run = self.load(alpha(0, z=1.5, verdict="agrees"), result("grid/zeta/p2", "zeta", 0.7, order=2.0),
                        warnings=["careful"])
        self.assertEqual((run.headline, run.name, run.warnings), ("A plain <sentence> & no more.", "test", ["careful"]))
        self.assertEqual((len(run), run.theory["hurst"], run.config), (2, 0.5, {"run": {"seed": 1}}))
        one = run["grid/alpha/uniform/k0"]
        self.assertEqual((one.value, one.error, one.predicted, one.law), (0.3, 0.01, 0.3, "law - of zeta"))
        self.assertEqual((one.z, one.verdict), (1.5, "agrees"))
        self.assertEqual(one.settings, {"partition": "uniform", "average": "volume", "degree": 0, "loss_power": 2.0})
        self.assertAlmostEqual(one.interval95[1], 0.32)
        self.assertEqual(cascade.load(os.path.join(self.path, "report.json")).headline, run.headline)

    def test_what_is_not_known_is_nan_or_none(self):
        run = self.load(result("a", "zeta", 0.0, predicted=None, z=None,
                               measured={"value": None, "standard_error": None, "interval95": None}))
        one = run["a"]
        self.assertTrue(math.isnan(one.value) and math.isnan(one.error) and math.isnan(one.z))
        self.assertEqual((one.predicted, one.law, one.interval95, one.answers, one.decides),
                         (None, "", None, {}, False))

    def test_ways(self):
        ways = {"blind": {"value": None, "standard_error": None, "interval95": None, "status": "no range",
                          "reason": "short"},
                "plain": {"value": 0.31, "standard_error": 0.02, "interval95": [0.27, 0.35], "status": "good",
                          "reason": ""}}
        one = self.load(alpha(0, answers=ways, judged_by="plain"))[alpha(0)["id"]]
        self.assertEqual((one.judged_by, one.answers["plain"].value, one.answers["plain"].interval95),
                         ("plain", 0.31, (0.27, 0.35)))
        self.assertEqual((one.answers["blind"].status, one.answers["blind"].reason), ("no range", "short"))
        self.assertTrue(math.isnan(one.answers["blind"].value))

    def test_selection(self):
        run = self.load(alpha(0), alpha(1), alpha(0, "adaptive"), result("grid/zeta/p2", "zeta", 0.7, order=2.0))
        self.assertEqual([r.id for r in run.select("alpha", degree=0)], ["grid/alpha/uniform/k0",
                                                                         "grid/alpha/adaptive/k0"])
        self.assertEqual(len(run.select("alpha", degree=[0, 1])), 3)
        self.assertEqual(len(run.select(method="grid")), 4)
        self.assertEqual(run.one("zeta", order=2).id, "grid/zeta/p2")
        self.assertEqual(run.one("alpha", degree=0, loss_power=2, partition="adaptive").id, "grid/alpha/adaptive/k0")
        self.assertEqual(len(run.select("alpha").select(partition="uniform")), 2)
        self.refused(LookupError, lambda: run.one("alpha", degree=0), "2 results", "partition ('uniform', 'adaptive')")
        self.refused(LookupError, lambda: run.one("alpha", degree=7), "degree=7", "grid/alpha/uniform/k0")
        self.refused(LookupError, lambda: run.select("beta"), "'beta'", "alpha, zeta")
        self.refused(LookupError, lambda: run.select("alpha", power=2), "'power'", "loss_power")
        self.refused(LookupError, lambda: run["nothing"], "grid/zeta/p2")

    def test_curves_are_arrays(self):
        row = alpha(0)
        row["fit"]["window"] = [2.0 ** -6, 2.0 ** -3]
        found = self.load(row, result("b", "zeta", 0.7, curve={}))
        got = found[row["id"]].curve
        np.testing.assert_array_equal(got.x, row["curve"]["x"])
        np.testing.assert_array_equal(got.y, row["curve"]["y"])
        np.testing.assert_array_equal(got.error, row["curve"]["standard_error"])
        np.testing.assert_array_equal(got.in_fit, (got.x >= 2.0 ** -6) & (got.x <= 2.0 ** -3))
        self.assertEqual((got.x_name, got.y_unit, len(got), got.in_fit.sum()), ("r", "1", 8, 4))
        self.assertTrue(np.isnan(got.expected).all() and np.isnan(got.fitted).all())
        self.assertIsNone(found["b"].curve)
        with h5py.File(os.path.join(self.path, "results.h5"), "a") as file:
            file[f"results/{row['id']}/fitted"] = got.y + 1
        np.testing.assert_array_equal(cascade.load(self.path)[row["id"]].curve.fitted, got.y + 1)

    def test_a_long_curve_is_whole(self):
        """The page thins curves for drawing; an array has all its points."""
        x = np.arange(1.0, 5001.0)
        row = alpha(0)
        row["curve"] = {"x": x.tolist(), "y": (1 / x).tolist(), "standard_error": x.tolist(), "local_slope": x.tolist()}
        self.assertEqual(len(self.load(row)[row["id"]].curve), 5000)

    def test_tables_with_and_without_pandas(self):
        run = self.load(alpha(0), result("grid/zeta/p2", "zeta", 0.7, order=2.0))
        rows = run.table(pandas=False)
        self.assertEqual((rows[0]["degree"], rows[0]["value"], rows[1]["order"]), (0, 0.3, 2.0))
        with mock.patch.object(modules, "missing", lambda *names: list(names)):
            self.assertEqual(run.table(), rows)
            self.refused(ImportError, lambda: run.table(pandas=True), "apt-get install python3-pandas")
            self.refused(ImportError, lambda: run[alpha(0)["id"]].curve.to_xarray(), "python3-xarray")
        if modules.missing("pandas"):
            self.skipTest("pandas is not installed")
        frame = run.table()
        self.assertEqual(list(frame["value"]), [0.3, 0.7])
        self.assertEqual(list(run[alpha(0)["id"]].curve.to_pandas()["y"]), alpha(0)["curve"]["y"])

    def test_figures_by_name(self):
        run = self.load(result("grid/zeta/p2", "zeta", 1.0, order=2.0), alpha(0))
        self.assertIn("zeta", run.figures)
        self.assertEqual(type(run.figure("zeta")).__name__, "Figure")
        self.refused(LookupError, lambda: run.figure("nothing"), "no figure 'nothing'", "zeta")
        self.refused(LookupError, lambda: run.figure("slice"), "no figure 'slice'")

    def test_the_slice_of_an_old_file_has_coordinates_too(self):
        store(self.path, report(), np.arange(8.0).reshape(2, 4))
        plane = cascade.load(self.path).slice
        np.testing.assert_allclose(plane.x, [0.125, 0.375, 0.625, 0.875])
        np.testing.assert_allclose(plane.y, [0.125, 0.375])
        self.assertIsNone(plane.depth)
        self.assertIsNone(self.load().slice)

    def test_old_folders_load_or_say_why_not(self):
        """Names that came later may be absent from a result: no checksums, no answers, no status."""
        row = alpha(0)
        for late in ("z", "verdict", "curve"):
            row.pop(late)
        run = self.load({**row, "curve": {}})
        self.assertFalse(run.checked)
        self.assertEqual((run[row["id"]].status, run[row["id"]].value), (None, 0.3))
        with open(os.path.join(self.path, "report.json"), "w", encoding="utf-8") as file:
            json.dump({"schema": "cascade-report/0"}, file)
        self.refused(cascade.Unreadable, lambda: cascade.load(self.path), "cascade-report/0", "cascade-report/1")

    def test_damage_is_refused(self):
        store(self.path, report([alpha(0)]))
        sums = subprocess.run(["sha256sum", "report.json", "results.h5"], cwd=self.path, capture_output=True,
                              check=True)
        with open(os.path.join(self.path, "checksums.sha256"), "wb") as file:
            file.write(sums.stdout)
        self.assertTrue(cascade.load(self.path).checked)
        with open(os.path.join(self.path, "report.json"), "a", encoding="utf-8") as file:
            file.write(" ")
        self.refused(cascade.Damaged, lambda: cascade.load(self.path), "report.json", "changed after it was written",
                     "--force")

    def test_what_is_no_result(self):
        self.refused(cascade.Unreadable, lambda: cascade.load(self.path), "report.json", "not the output directory")
        self.refused(cascade.Unreadable, lambda: cascade.load(os.path.join(self.path, "none")), "no such directory")
        self.load(alpha(0))
        with open(os.path.join(self.path, "results.h5"), "w", encoding="ascii") as file:
            file.write("no")
        self.refused(cascade.Unreadable, lambda: cascade.load(self.path), "results.h5", "cannot be read")

    def test_importing_costs_nothing(self):
        code = ("import cascade, sys; dir(cascade); "
                "print([m for m in ('numpy', 'h5py', 'matplotlib', 'pandas', 'xarray') if m in sys.modules])")
        ran = subprocess.run([sys.executable, "-B", "-c", code], cwd=os.path.join(SOURCE, "postprocess"),
                             capture_output=True,
                             text=True, check=True)
        self.assertEqual(ran.stdout, "[]\n")

    def test_missing_modules_are_named_with_their_packages(self):
        code = "import sys; sys.path.insert(0, '.'); import cascade; cascade.load('x')"
        ran = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", code], cwd=os.path.join(SOURCE, "postprocess"),
                             capture_output=True, text=True, check=False)
        self.assertIn("apt-get install python3-numpy python3-h5py", ran.stderr)

    def test_a_name_that_is_none(self):
        self.refused(AttributeError, lambda: cascade.lod, "lod")


if __name__ == "__main__":
    unittest.main()
