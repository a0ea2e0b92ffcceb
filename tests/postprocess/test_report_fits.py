#!/usr/bin/env python3
"""How fits stand is seen on the page: statuses, fitted curves, residuals, distances from the exact expectation."""
import os
import unittest

import numpy as np

from made_reports import ReportCase, call_here, report, result, store
from cascade.report import data, figures, residuals  # made_reports has said where it is


class Fits(ReportCase):
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

    def test_the_lead_says_no_more_than_it_shows(self):
        """Where no law is known the caption speaks of none; a cross is explained where there is one."""
        alpha = result("grid/alpha/a", "alpha", 1.0, predicted=None, status="failed",
                       settings={"partition": "adaptive", "average": "volume", "degree": 0, "loss_power": 2.0})
        captions = []
        for h, d in ((None, None), (0.3, 1.7)):
            store(self.path, report([alpha], theory={"embedding_dimension": 2, "dimension": d, "hurst": h, "zeta": []}))
            captions.append(figures.draw(data.load(self.path), "answer").caption)
        self.assertIn("No law is set beside them", captions[0])
        self.assertNotIn("Lines: 2h/d and 4h/d.", captions[0])
        self.assertIn("Lines: 2h/d and 4h/d.", captions[1])
        for caption in captions:
            self.assertIn("A cross through a point", caption)

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

    def test_distance_from_the_expectation(self):
        with_it, without = result("grid/zeta/p2", "zeta", 1.0, order=2.0), result(
            "grid/zeta/p3", "zeta", 1.5, order=3.0
        )
        store(self.path, report([with_it, without]))
        self.assertNotIn("expectation", call_here("--figure", "list", self.path).stdout)
        with_it["curve"].update(expected=[1.01 * y for y in with_it["curve"]["y"]], expected_slope=[1.0] * 8)
        with_it["curve_test"] = {"p_value": 0.1234, "statistic": "Hotelling T^2", "at": [], "z": []}
        without["curve_test"] = {"p_value": None, "note": "no exact expectation"}
        store(self.path, report([with_it, without]))
        target = os.path.join(self.path, "e.svg")
        self.assertEqual(call_here("--figure", "expectation", self.path, "-o", target).returncode, 0)
        self.assertEqual(call_here(self.path).returncode, 0)
        with open(os.path.join(self.path, "report.html"), encoding="utf-8") as file:
            page = file.read()
        self.assertIn("Distance from the exact expectation", page)
        self.assertIn("0.12</td>", page)


if __name__ == "__main__":
    unittest.main()
