#!/usr/bin/env python3
"""What the program writes, as Python users open it: cascade.load, xarray, netCDF4, and the notebook run as a script."""
import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

import h5py
import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from small_runs import SECONDS, SOURCE, SWEEP, Runs, shipped  # noqa: E402  (after the path)
import cascade  # noqa: E402
from cascade import modules  # noqa: E402


#: what is written, and not how well it is measured
FEW = [word for key in ("sampling.pairs=64", "sampling.cells=16", "sampling.trees=16", "field.virtual_levels=12")
       for word in ("--set", key)]


MOMENTS = """run: {name: moments, seed: 1, realisations: 8}
field: {generator: gaussian, embedding_dimension: 2, points: 64, components: vector}
analysis: {increment_moments: {}, structure_function: {orders: [2, 4]}, spectrum: {}}
approximation: {enabled: false}
"""


class RealResults(Runs, unittest.TestCase):
    @classmethod
    def single(cls):
        return cls.made("k41", shipped("k41"), "--check", *FEW)

    @classmethod
    def campaign(cls):
        return cls.made("square", SWEEP)

    def test_every_result_has_the_curve_that_report_json_has(self):
        run = cascade.load(self.single())
        self.assertTrue(run.checked)
        self.assertGreater(len(run), 10)
        for result in run:
            stored = result.json["curve"]
            np.testing.assert_array_equal(result.curve.x, stored["x"])
            np.testing.assert_array_equal(result.curve.y, stored["y"])
            np.testing.assert_array_equal(result.curve.count, stored["count"])
            self.assertEqual(result.curve.in_fit.any(), bool(result.fit["window"]))  # blind answers state no window
        one = run.one("alpha", method="sampled", partition="adaptive", average="active", degree=0, loss_power=2)
        self.assertEqual((one.law, round(one.predicted, 6)), ("q*h/d", 0.222222))

    def test_fitted_curves_lie_on_their_points(self):
        """Under a flatness of 3 stood the fitted curve of the fourth power, from .3 to 14."""
        seen = set()
        for folder in (self.single(), self.made("moments", MOMENTS)):
            for result in cascade.load(folder):
                fitted, y = result.curve.fitted, result.curve.y
                on = np.isfinite(fitted) & np.isfinite(y) & (y > 0)
                if result.quantity in ("flatness", "skewness"):
                    self.assertFalse(np.isfinite(fitted).any(), result.id)  # neither is a curve that was fitted
                elif on.any():
                    seen.add(result.quantity)
                    self.assertLess(np.median(np.abs(np.log2(fitted[on] / y[on]))), 1, result.id)  # a few pairs, noisy
        self.assertTrue({"alpha", "zeta", "dimension_box"} <= seen, seen)

    def test_every_dataset_names_its_axes(self):
        with h5py.File(os.path.join(self.single(), "results.h5"), "r") as file:
            seen = []

            def look(name, item):
                if isinstance(item, h5py.Dataset) and item.ndim > 0 and not h5py.h5ds.is_scale(item.id):
                    seen.append(name)
                    for axis, dimension in enumerate(item.dims):
                        scale, = dimension.values()
                        self.assertEqual(scale.shape, (item.shape[axis],), name)
                        self.assertEqual(os.path.dirname(scale.name), os.path.dirname(item.name))

            file.visititems(look)
            self.assertIn("field/slice", seen)
            self.assertIn("field/active_depth", seen)
            self.assertGreater(len(seen), 50)

    def test_xarray_opens_it(self):
        if modules.missing("xarray"):
            self.skipTest("xarray is not installed: apt-get install python3-xarray")
        import xarray
        engines = [name for name, module in (("h5netcdf", "h5netcdf"), ("netcdf4", "netCDF4")) if self.there(module)]
        if not engines:
            self.skipTest("neither h5netcdf nor netCDF4 is installed: apt-get install python3-h5netcdf")
        path = os.path.join(self.single(), "results.h5")
        run = cascade.load(self.single())
        for engine in engines:
            for result in run:
                with xarray.open_dataset(path, group="results/" + result.id, engine=engine) as curve:
                    self.assertEqual(curve["y"].dims, ("x",))
                    np.testing.assert_array_equal(curve["x"], result.curve.x)
                    np.testing.assert_array_equal(curve["y"], result.curve.y)
            with xarray.open_dataset(path, group="field", engine=engine) as field:
                self.assertEqual(field["slice"].dims, ("y", "x"))
                np.testing.assert_allclose(field["x"], (np.arange(field.sizes["x"]) + 0.5) / field.sizes["x"],
                                           rtol=1e-14)
            with xarray.open_dataset(path, engine=engine) as root:
                self.assertEqual(root.attrs["format"], "cascade-results/1")
        np.testing.assert_array_equal(run[result.id].curve.to_xarray()["y"], result.curve.y)

    @staticmethod
    def there(module):
        try:
            __import__(module)
        except ImportError:
            return False
        return True

    def test_the_slice_is_where_its_coordinates_say(self):
        plane = cascade.load(self.single()).slice
        self.assertEqual(plane.values.shape, (len(plane.y), len(plane.x)))
        self.assertEqual(plane.depth.shape, plane.values.shape)
        np.testing.assert_allclose(plane.x, (np.arange(len(plane.x)) + 0.5) / len(plane.x), rtol=1e-14)

    def test_a_campaign_is_a_table(self):
        campaign = cascade.load(self.campaign())
        self.assertEqual(len(campaign.cases), 4)
        rows = campaign.table(pandas=False)
        self.assertEqual(len(rows), 4 * 2)
        first = rows[0]
        self.assertEqual((first["field.dimension"], first["field.hurst"], first["degree"]), ("1.5", "0.2", 0))
        case = campaign.case(first["case"])
        self.assertEqual(case[first["result"]].value, first["alpha"])
        self.assertIsNotNone(case[first["result"]].curve)
        coefficients = campaign.coefficient_table(pandas=False)
        self.assertEqual({row["loss_power"] for row in coefficients}, {2.0, 4.0})
        for row in coefficients:
            self.assertLess(abs(row["c"] - row["loss_power"]), 5 * row["c_error"] + 0.2 * row["loss_power"])
        self.assertEqual(type(campaign.figure("h_over_d")).__name__, "Figure")
        with self.assertRaisesRegex(LookupError, "no case 'none'; there are "):
            campaign.case("none")
        if not modules.missing("pandas"):
            self.assertEqual(list(campaign.table()["alpha"]), [row["alpha"] for row in rows])

    def test_a_changed_case_is_refused(self):
        campaign = cascade.load(self.campaign())
        name = list(campaign.cases)[1]
        path = os.path.join(campaign.directory, "cases", name, "report.json")
        content = Path(path).read_bytes()
        self.addCleanup(Path(path).write_bytes, content)
        Path(path).write_bytes(content + b" ")
        with self.assertRaisesRegex(cascade.Damaged, "changed after it was written"):
            campaign.case(name)

    def test_campaigns_are_compared_by_their_coefficients(self):
        found = cascade.compare(self.campaign(), self.campaign())
        self.assertTrue(found.agree)
        self.assertEqual(found.furthest, 0)
        self.assertTrue(all(row.what.startswith("c all/sampled/alpha/") for row in found.rows))
        with self.assertRaisesRegex(ValueError, "like with like"):
            cascade.compare(self.campaign(), self.single())

    def test_two_seeds_agree_and_two_fields_do_not(self):
        """The distances are of the right size: same field, other noise; then other h."""
        one = self.made("weierstrass1", shipped("weierstrass"), "--check")
        other = self.made("weierstrass5", shipped("weierstrass"), "--check", "--set", "run.seed=5")
        rough = self.made("weierstrass6", shipped("weierstrass"), "--check", "--set", "run.seed=6", "--set",
                          "field.hurst=0.5")
        found = cascade.compare(one, other)
        self.assertTrue(found.agree, found.rows)
        self.assertEqual(found.inputs, {"run.seed": [1, 5]})
        self.assertGreater(found.furthest, 0)
        found = cascade.compare(one, rough)
        self.assertFalse(found.agree)
        self.assertEqual(found.inputs, {"run.seed": [1, 6], "field.hurst": [0.3, 0.5]})

    def test_studies_of_scaling_laws_load(self):
        run = cascade.load(self.made("chinchilla", shipped("chinchilla"), "--check", "--set",
                                     "loss_table.objectives=[huber_log]"))
        self.assertAlmostEqual(run["huber_log/alpha"].value, 0.34731, delta=5e-5)
        self.assertEqual(run.theory, {})
        self.assertIn("losses", run.figures)

    def test_the_notebook_runs(self):
        with open(os.path.join(SOURCE, "docs", "notebooks", "results.ipynb"), encoding="utf-8") as file:
            notebook = json.load(file)
        self.assertEqual(notebook["nbformat"], 4)
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        self.assertGreater(len(cells), 5)
        for cell in cells:
            self.assertEqual((cell["outputs"], cell["execution_count"]), ([], None))
        script = "\n".join("".join(cell["source"]) for cell in cells)
        ran = subprocess.run([sys.executable, "-B", "-"], input=script, capture_output=True, text=True, timeout=SECONDS,
                             check=False, cwd=os.path.dirname(self.single()),
                             env={**os.environ, "CASCADE_RESULT": self.single(), "MPLBACKEND": "Agg",
                                  "PYTHONPATH": os.path.join(SOURCE, "postprocess")})
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertIn(cascade.load(self.single()).headline, ran.stdout)
        self.assertIn("True 0.0", ran.stdout)


if __name__ == "__main__":
    unittest.main()
