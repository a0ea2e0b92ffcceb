#!/usr/bin/env python3
"""Numbers of the page are those of the program: one table of cases for both (tests/core/talk/test_numbers.cpp)."""
import json
import math
import os
import sys
import unittest

SOURCE = os.environ.get("CASCADE_SOURCE_DIR") or os.path.join(os.path.dirname(__file__), "..", "..")
sys.path.insert(0, os.path.join(SOURCE, "postprocess"))
from cascade.report import numbers, words  # noqa: E402  (after the path)


def number(value):
    return math.inf if value == "inf" else value


class Numbers(unittest.TestCase):
    def test_as_the_table_says(self):
        with open(os.path.join(SOURCE, "tests", "data", "numbers.json"), encoding="utf-8") as file:
            table = json.load(file)
        compared = 0
        for function, rows in table.items():
            for row in rows:
                arguments = [number(value) for name, value in row.items() if name != "text"]
                self.assertEqual(getattr(numbers, function)(*arguments), row["text"], (function, row))
                compared += 1
        self.assertGreater(compared, 60)

    def test_names_of_results_stay_as_they_are(self):
        """They are copied into commands: --curve grid/zeta/p2, check: {id: ...}."""
        said = words.prose("grid/zeta/p2: no alpha; zeta_2 = 0.6 +- 0.1; alpha/nearest_neighbours_k1/data is there")
        self.assertEqual(said, "grid/zeta/p2: no α; ζ_2 = 0.6 ± 0.1; alpha/nearest_neighbours_k1/data is there")
        self.assertEqual(words.prose("alpha/(h/d) and 2 alpha/beta"), "α/(h/d) and 2 α/β")

    def test_in_print(self):
        """On the page minus signs, powers of ten and plus-minus are those of print; the digits are the same."""
        self.assertEqual(words.with_error(-0.19045123, 0.000238), "−0.19045 ± 0.00024")
        self.assertEqual(words.with_error(0.00034731, 1.5e-5), "(3.47 ± 0.15)×10⁻⁴")
        self.assertEqual(words.number(None), words.DASH)
        self.assertEqual(words.number(4.2e-5), "4.2×10⁻⁵")
        for plain, printed in (("at 5.88e+23 FLOP, mean -0.31%", "at 5.88×10²³ FLOP, mean −0.31%"),
                               ("-dlog L/dlog N (-3 to -inf), bias^2", "−dlog L/dlog N (−3 to −inf), bias²"),
                               ("sigma^2 N/n in R^12, 2^(1/a), FLOP^-a, x^2.5, sigma^2.", "σ² N/n in R¹², 2^(1/a), FLOP^-a, x^2.5, σ².")):
            self.assertEqual(words.prose(plain), printed)

    def test_commands_stay_as_they_are(self):
        for said in ("(--set compute_optimal.keep=...; --group none)", "--set theory.hurst=-1", "10-20, 2024-05-01, a-1.csv"):
            self.assertEqual(words.prose(said), said)


if __name__ == "__main__":
    unittest.main()
