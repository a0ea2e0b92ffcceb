#!/usr/bin/env python3
"""postprocess/report.py on a real campaign: rough cases, smooth ones, and some near saturation."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

SOURCE = os.environ.get("CASCADE_SOURCE_DIR") or os.path.join(os.path.dirname(__file__), "..", "..")
SCRIPT = os.path.join(SOURCE, "postprocess", "report.py")
CASCADE = os.environ.get("CASCADE_EXECUTABLE", "cascade")
SECONDS = float(os.environ.get("CASCADE_TEST_TIMEOUT", "300"))  # a hang, not a slow machine

INPUT = """run: {name: page, seed: 3}
field: {generator: beta_cascade, points: 0, virtual_levels: 12}
analysis: {structure_function: {orders: [2]}, box_counting: {}}
approximation: {degrees: [0], loss_powers: [2, 4], pieces: 16, partitions: [uniform, oracle]}
sampling: {trees: 16, pairs: 32, cells: 16}
sweep:
  - {name: line, set: {field.embedding_dimension: 1}, over: {field.dimension: [0.7], field.hurst: [0.2, 0.4]}}
  - {name: cube, set: {field.embedding_dimension: 3}, over: {field.dimension: [2.8, 3], field.hurst: [0.3, 0.95]}}
  - name: smooth
    set:
      field: {generator: gaussian, embedding_dimension: 1, points: 4096}
      approximation: {degrees: [0], loss_powers: [2], partitions: [uniform], averages: [volume]}
    over: {field.hurst: [0.4, 1, 2, 2.5]}
"""


class CampaignPage(unittest.TestCase):
    def test_page_and_figures(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "page.yaml"), "w", encoding="utf-8") as file:
                file.write(INPUT)
            subprocess.run(
                [CASCADE, "page.yaml", "--output", "out", "--quiet"], cwd=folder, check=True, timeout=SECONDS
            )
            out = os.path.join(folder, "out")
            ran = subprocess.run([sys.executable, "-B", SCRIPT, out], capture_output=True, text=True, timeout=SECONDS)
            self.assertEqual((ran.returncode, ran.stderr), (0, ""))
            with open(os.path.join(out, "report.html"), encoding="utf-8") as file:
                page = file.read()
            for figure in ("h_over_d", "residuals", "smooth", "dimension", "relative"):
                self.assertIn(f'id="figure-{figure}"', page)
            with open(os.path.join(out, "report.json"), encoding="utf-8") as file:
                report = json.load(file)
            regimes = {(case["family"], a["regime"]) for case in report["cases"] for a in case["alphas"]}
            self.assertIn(("smooth", "smooth"), regimes)
            self.assertIn(("cube", "near saturation"), regimes)
            self.assertIn("or the mean-square loss", report["verdict"].split(";")[0])
            self.assertNotRegex(page.split("<pre>")[0].split("</style>")[1], r">\s*(nan|None)\s*<")


if __name__ == "__main__":
    unittest.main()
