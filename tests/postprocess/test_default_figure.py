#!/usr/bin/env python3
"""A quantity that postprocess has never heard of is drawn from its own axes; known ones keep their figures."""
import os
import sys
import tempfile
import unittest

import numpy as np

SOURCE = os.environ.get("CASCADE_SOURCE_DIR") or os.path.join(os.path.dirname(__file__), "..", "..")
sys.path.insert(0, os.path.join(SOURCE, "postprocess"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cascade.report import curves, data, default, figures  # noqa: E402  (after the paths)
from made_reports import Page, call_here, report, result, store  # noqa: E402


def invented(identity, settings, **changes):
    """A curve that changes its sign, against an axis that does."""
    x = [-2.0, -1.0, 0.0, 1.0, 2.0]
    shape = {
        "x_name": "delay",
        "x_unit": "turnover",
        "y_name": "asymmetry",
        "y_unit": "1",
        "x": x,
        "y": [-0.5, -0.2, 0.0, 0.3, 0.4],
        "standard_error": [0.1] * 5,
        "local_slope": [None] * 5,
        "count": [10.0] * 5,
        "drawn": {"x": "linear", "y": "linear"},
    }
    made = {
        "settings": settings,
        "stage": "asymmetry",
        "method": "probe",
        "predicted": None,
        "z": None,
        "verdict": "not judged",
        "curve": {**shape, **changes},
    }
    return {
        **result(identity, "asymmetry", -0.25),
        **made,
        "fit": {
            "model": "straight line",
            "window": [-1.0, 1.0],
            "points": 3,
            "chi2_per_dof": None,
            "loglog_slope": None,
            "note": "",
        },
    }


class DefaultFigure(unittest.TestCase):
    def test_a_curve_of_zeros_has_no_figure(self):
        """Increments across a flow that has none: nothing has a place on logarithmic axes."""
        zeros = invented("grid/asymmetry", {}, x=[1.0, 2.0, 4.0, 8.0, 16.0], y=[0.0] * 5, drawn={})
        loaded, _ = self.load(report([zeros]))
        self.assertIn("asymmetry_asymmetry", figures.entries(loaded))
        self.assertIsNone(figures.draw(loaded, "asymmetry_asymmetry"))

    def test_titles_tell_curves_of_one_setting_apart(self):
        """Densities of increments at several separations: no id in a legend or a caption."""
        rows = [
            {**invented(f"grid/increment_flatness/{n}", {"set": "volume"}), "quantity": "increment_flatness",
             "title": f"flatness of increments, r = {r}"}
            for n, r in ((1, "0.01"), (8, "0.08"))
        ]
        loaded, _ = self.load(report(rows))
        (name,) = [entry for entry in figures.entries(loaded) if "increment_flatness" in entry]
        drawn = figures.draw(loaded, name)
        said = [text.get_text() for text in drawn.figure.axes[0].get_legend().get_texts()]
        self.assertTrue(any("r = 0.01" in text for text in said), said)
        self.assertNotIn("grid/increment_flatness", " ".join([*said, drawn.caption]))

    def load(self, content):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        store(folder.name, content)
        return data.load(folder.name), folder.name

    def axes(self, content, name):
        loaded, _ = self.load(content)
        drawn = figures.draw(loaded, name)
        self.assertIsNotNone(drawn)
        return drawn.figure.axes, drawn.caption

    def test_from_its_own_axes(self):
        rows = [
            invented(f"probe/asymmetry/{kind}", {"kind": kind, "lag": lag}) for kind, lag in (("odd", 3), ("even", 4))
        ]
        (axis, strip), caption = self.axes(
            report(rows), "asymmetry_asymmetry"
        )  # no slope: the axes are not logarithmic
        self.assertEqual((strip.get_xlabel(), axis.get_ylabel()), ("delay (turnover)", "asymmetry"))
        self.assertEqual((axis.get_xscale(), axis.get_yscale()), ("linear", "linear"))
        self.assertEqual(
            [t.get_text() for t in axis.get_legend().get_texts()], ["odd, lag 3, probe", "even, lag 4, probe"]
        )
        drawn = axis.containers[0].lines[0]
        np.testing.assert_array_equal(drawn.get_xdata(), [-2, -1, 0, 1, 2])
        np.testing.assert_array_equal(drawn.get_ydata(), [-0.5, -0.2, 0.0, 0.3, 0.4])
        bar = axis.containers[0].lines[2][0].get_segments()[0]
        self.assertAlmostEqual(bar[1][1] - bar[0][1], 2 * 1.96 * 0.1)
        band = axis.patches[0].get_extents().transformed(axis.transData.inverted())
        self.assertAlmostEqual(band.x0, -1.0)
        self.assertAlmostEqual(band.x1, 1.0)
        self.assertIn("The shaded range entered the fit", caption)
        self.assertIn("−0.25", caption)

    def test_curves_on_other_axes_stand_in_figures_of_their_own(self):
        rows = [
            invented("probe/asymmetry/a", {"kind": "a"}),
            invented("probe/asymmetry/b", {"kind": "b"}, x_name="1/N"),
            invented("probe/asymmetry/c", {"kind": "c"}, x_name="1/N"),
        ]
        loaded, _ = self.load(report(rows))
        self.assertEqual(
            {name: len(found) for name, found in default.groups(loaded, lambda r: False).items()},
            {"asymmetry_asymmetry_asymmetry_delay": 1, "asymmetry_asymmetry_asymmetry_1_N": 2},
        )

    def test_a_power_law_has_its_slopes_beside_it(self):
        flat = result(
            "grid/flatness",
            "flatness",
            -0.4,
            stage="flatness",
            curve={**result("", "", -0.4)["curve"], "x_name": "r", "x_unit": "box side", "y_name": "F", "y_unit": "1"},
        )
        (left, strip, right), _ = self.axes(report([flat]), "flatness_flatness")
        self.assertEqual(
            (left.get_xscale(), left.get_yscale(), right.get_xscale(), right.get_yscale()),
            ("log", "log", "log", "linear"),
        )
        self.assertEqual(
            (strip.get_xlabel(), left.get_ylabel(), right.get_ylabel()), ("r (box side)", "F", "d log F / d log r")
        )

    def test_what_is_not_positive_has_no_logarithmic_axis(self):
        row = invented("probe/asymmetry", {}, drawn={"x": "linear", "y": "logarithmic"})
        (axis, _), _ = self.axes(report([row]), "asymmetry_asymmetry")
        self.assertEqual(axis.get_yscale(), "linear")

    def test_known_quantities_keep_their_figures_and_have_no_second_one(self):
        known = [result("grid/zeta/p2", "zeta", 1.0, order=2.0), result("grid/spectrum_slope", "spectrum_slope", -2.0)]
        loaded, _ = self.load(report([*known, invented("probe/asymmetry", {})]))
        self.assertEqual(figures.available(loaded), ["zeta", "structure", "slopes", "spectrum", "asymmetry_asymmetry"])

    def test_every_curve_is_on_the_page(self):
        rows = [
            invented("probe/asymmetry", {"kind": "odd"}),
            result("grid/flatness", "flatness", -0.4, stage="flatness"),
            result("grid/skewness", "skewness", -0.4, stage="flatness"),
            result("grid/zeta/p2", "zeta", 1.0, order=2.0),
        ]
        _, folder = self.load(report(rows))
        ran = call_here(folder)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        with open(os.path.join(folder, "report.html"), encoding="utf-8") as file:
            text = file.read()
        for name in ("asymmetry_asymmetry", "flatness_flatness", "flatness_skewness", "structure"):
            self.assertEqual(text.count(f'id="figure-{name}"'), 1)
        page = Page(text)
        self.assertIn("odd, probe", page.text)
        self.assertNotRegex(page.text.lower(), r"\bnan\b|\bnone\b")

    def test_figures_and_tables_that_the_report_describes(self):
        """A field's report may describe figures of its own; a result that one of them shows needs no other."""
        series = {"label": "<energy>", "style": "line", "x": [0.0, 1.0, 2.0], "y": [1.0, 0.5, 0.2], "error": []}
        figure = {
            "name": "energy",
            "title": "Energy",
            "caption": "Decay.",
            "x_label": "t",
            "y_label": "E",
            "x_log": False,
            "y_log": True,
            "series": [series],
            "band": [],
            "band_label": "",
            "results": ["probe/asymmetry"],
        }
        content = report(
            [invented("probe/asymmetry", {}), invented("probe/other", {})],
            page={
                "answers": ["It decays."],
                "tables": [{"title": "Times", "columns": ["t"], "rows": [["1"]], "note": ""}],
                "figures": [figure],
            },
        )
        loaded, folder = self.load(content)
        self.assertEqual(figures.available(loaded), ["energy", "asymmetry_asymmetry"])
        (axis,) = figures.draw(loaded, "energy").figure.axes
        self.assertEqual((axis.get_xscale(), axis.get_yscale()), ("linear", "log"))
        axis, _ = figures.draw(loaded, "asymmetry_asymmetry").figure.axes
        self.assertEqual(len(axis.containers), 1)
        self.assertEqual(call_here(folder).returncode, 0)
        with open(os.path.join(folder, "report.html"), encoding="utf-8") as file:
            page = Page(file.read())
        for words in ("It decays.", "Times", "Decay."):
            self.assertIn(words, page.text)

    def test_the_fitted_range_is_that_of_the_curve(self):
        """A window is given on the axis of the curve, also where all pieces are fewer than two."""
        r = result("grid/alpha/uniform", "alpha", 0.3)
        r["fit"]["window"] = [0.25, 0.5]
        np.testing.assert_allclose(curves.fit_range(r), (0.25, 0.5), rtol=2e-3)


if __name__ == "__main__":
    unittest.main()
