#!/usr/bin/env python3
"""What a learning task says of numbers that need not mean what they seem to."""

import json
import unittest

import numpy

from program import Program

MADE = """
task: learning
data: {generator: manifold, manifold: torus, dimension: 2, embedding_dimension: 9, points: 1024, noise: 0.05,
       target: {kind: modes, hurst: 0.6}}
dimension: {estimators: [two_nn], bias: false}
learners: [{kind: nearest_neighbours, k: 1}]
curves: {repeats: 3, test_points: 512}
"""
READ = """
task: learning
data: {generator: file, path: x.npy, target: y.npy}
dimension: {estimators: [two_nn], bias: false}
learners: [{kind: nearest_neighbours, k: 1}]
curves: {repeats: 3}
"""


class Said(Program):
    INPUTS = {"made.yaml": MADE, "read.yaml": READ}

    def report(self, *arguments):
        self.cascade(*arguments, "--quiet", "--force", "--output", "out")
        with open(self.place / "out" / "report.json", encoding="utf-8") as file:
            return json.load(file)

    def test_a_set_does_not_speak_for_points_off_it(self):
        """Nearer than the noise the points fill R^9: d and h of the set are neither read nor what a learner meets."""
        for noise in (0.05, 0):
            report = self.report("made.yaml", "--set", f"data.noise={noise}")
            declared = {h["id"]: h for h in report["hypotheses"] if h["settings"]["given"] == "declared"}
            self.assertEqual(abs(declared["2h/d"]["z"]) > 5, noise > 0)
            self.assertNotEqual(declared["2h/d"]["verdict"], "rejected")
            self.assertEqual("off which noise moves the points" in declared["2h/d"]["sentence"], noise > 0)
            self.assertEqual([r["id"] for r in report["results"] if r["verdict"] == "rejected"], [])
            self.assertEqual(any("they fill R^9" in w for w in report["warnings"]), noise > 0, report["warnings"])
            table = next(t for t in report["page"]["tables"] if t["title"] == "Intrinsic dimension")
            self.assertEqual(table["rows"][0][3], "2, moved off it" if noise > 0 else "2")
            drawn = {f["name"] for f in report["page"]["figures"]}
            self.assertEqual("alpha_against_h_over_d" in drawn, noise == 0)
        said = self.cascade("made.yaml", "--dry-run")
        self.assertIn("moved off it by noise of 0.05 a coordinate", said)

    def test_a_level_curve_supports_nothing(self):
        """With nothing to learn, a wide error reaches zero and a formula's value alike."""
        rng = numpy.random.default_rng(3)
        numpy.save(self.place / "x.npy", rng.random((1000, 7)))
        numpy.save(self.place / "y.npy", rng.normal(size=1000))
        report = self.report("read.yaml")
        alpha = next(r for r in report["results"] if r["quantity"] == "alpha")
        self.assertLess(alpha["measured"]["value"], 2 * alpha["measured"]["standard_error"])
        near = [h for h in report["hypotheses"] if abs(h["z"]) < 2]
        self.assertNotEqual(near, [])  # as near as what is supported elsewhere
        for h in report["hypotheses"]:
            self.assertIn(h["verdict"], ("undecided", "rejected"), h["sentence"])
        self.assertIn("since alpha may be zero", near[0]["sentence"])


if __name__ == "__main__":
    unittest.main()
