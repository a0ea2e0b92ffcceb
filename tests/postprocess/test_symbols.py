#!/usr/bin/env python3
"""The symbols of a page: those that it needs, with sections of docs/theory.md that are there; and pages whose figures
have more curves than a frame has room to name."""
import os
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from made_reports import SOURCE, curve, report, result, store  # noqa: E402  (after the path)
from cascade.report import data, figures, symbols  # noqa: E402
from cascade.report.style import plt  # noqa: E402


class Symbols(unittest.TestCase):
    def load(self, content):
        with tempfile.TemporaryDirectory() as folder:
            store(folder, content)
            return data.load(folder)

    def shown(self, rows, **changes):
        loaded = self.load(report(rows, **changes))
        return [symbol for symbol, _, _ in symbols.symbols(loaded, None)]

    def test_of_a_field_on_a_grid(self):
        """No active set where nothing is averaged over one, no virtual grid where no point was sampled."""
        settings = {"partition": "uniform", "average": "volume", "degree": 0, "loss_power": 2.0}
        alpha = result("grid/alpha", "alpha", 0.6, curve=curve(-0.6), settings=settings)
        self.assertEqual(self.shown([alpha]), ["α", "D", "d", "h", "q"])
        sampled = {**alpha, "method": "sampled", "settings": {**settings, "average": "active"}}
        self.assertEqual(self.shown([sampled])[-2:], ["active set", "virtual grid"])
        self.assertEqual(self.shown([result("grid/zeta/p2", "zeta", 0.6, curve=curve(0.6))]), ["D", "d", "h", "ζ_p"])
        self.assertEqual(self.shown([result("grid/tau/q2", "tau", 0.6)]), ["D", "h", "τ(q), D_q"])

    def test_of_other_tasks(self):
        """What is asked of every page: what N, D, C, p or sigma are stands on its first screen."""
        points = result("dimension/two_nn", "dimension_intrinsic", 2.0)
        self.assertEqual(self.shown([points], task="learning"), ["D, d"])
        self.assertEqual(self.shown([points, result("a", "alpha", 0.5)], task="learning"), ["α", "D, d", "h"])
        best = {**result("N", "N ~ C^a", 0.5), "stage": "compute_optimal"}
        self.assertIn("N, D", self.shown([best], task="scaling_law"))
        one = {**result("alpha", "alpha", 0.5), "stage": "compute_optimal"}
        self.assertNotIn("N, D", self.shown([one], task="scaling_law"))
        for study in ("pedestal", "reference_methods", "noisy_samples"):
            self.assertTrue(symbols.STUDIES[study], study)

    def test_every_link_leads_somewhere(self):
        with open(os.path.join(SOURCE, "docs", "theory.md"), encoding="utf-8") as file:
            titles = re.findall(r"^#+ (.*)$", file.read(), re.M)
        known = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
        found = [value for name, value in vars(symbols).items() if name.isupper()]
        entries = [e for value in found for e in self.entries_of(value)]
        self.assertGreater(len(entries), 25)
        for _, line, section in entries:
            self.assertIn(section, known, line)

    def entries_of(self, value):
        if isinstance(value, dict):
            return [e for each in value.values() for e in self.entries_of(each)]
        if isinstance(value, tuple) and value and isinstance(value[0], tuple):
            return list(value)
        return [value] if isinstance(value, tuple) and len(value) == 3 else []

    def test_many_curves_are_named_beside_their_frame(self):
        """Two dozen names stood on the curves and pushed the axes together."""
        rows = [result(f"d{n}", "dimension_of_data", 2.0, curve=curve(0.1 * n), settings={"set": f"set number {n}"})
                for n in range(24)]
        loaded = self.load(report(rows))
        drawn = figures.draw(loaded, next(name for name in figures.entries(loaded) if "dimension_of_data" in name))
        self.addCleanup(plt.close, drawn.figure)
        drawn.figure.canvas.draw()
        frame = drawn.figure.axes[0].get_window_extent()
        names, = drawn.figure.legends
        self.assertIsNone(drawn.figure.axes[0].get_legend())
        self.assertEqual(len(names.get_texts()), 24)
        self.assertGreater(names.get_window_extent().y0, frame.y1)
        self.assertLess(names.get_window_extent().y1, drawn.figure.bbox.y1 + 1)
        self.assertGreater(frame.height, 150)
        looks = {(line.get_color(), line.get_marker()) for line in drawn.figure.axes[0].get_lines() if line.get_marker() != "None"}
        self.assertGreaterEqual(len(looks), 24)


if __name__ == "__main__":
    unittest.main()
