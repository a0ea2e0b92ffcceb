#!/usr/bin/env python3
"""Are the pictures of the documentation what would be drawn today? docs/figures/drawn.json says what they were drawn from;
the shrunken inputs were run just now by the tests inputs.NAME (CASCADE_CHECKS holds their results)."""
import copy
import importlib.util
import json
import os
import unittest

SOURCE = os.environ.get("CASCADE_SOURCE_DIR") or os.path.join(os.path.dirname(__file__), "..", "..")
CHECKS = os.environ.get("CASCADE_CHECKS") or os.path.join(SOURCE, "build", "native", "checks")


def module():
    spec = importlib.util.spec_from_file_location("make", os.path.join(SOURCE, "docs", "figures", "make.py"))
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


MAKE = module()


class Pictures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(MAKE.RECORD, encoding="utf-8") as file:
            cls.record = json.load(file)

    def test_every_picture_is_of_today(self):
        self.assertEqual(sorted(self.record), sorted(MAKE.PICTURES))
        from cascade.report import drawn

        for name, was in self.record.items():
            with self.subTest(name):
                again = f"docs/figures/{name} is out of date: ./dev figures {name}"
                self.assertEqual(
                    MAKE.sha256(MAKE.HERE / name), was["picture"], again + " (the file is not the one that was drawn)"
                )
                self.assertEqual(MAKE.said_by_input(name), was["input"], again + " (its input says something else)")
                if was["small"] is None:
                    self.skipTest(
                        f"{name} is older than ./dev figures: ./dev figures {name} draws it, and writes down what from"
                    )
                self.assertEqual(drawn.changes(was["small"], self.shown(name)), [], again)

    def shown(self, name):
        return MAKE.shown_by(os.path.join(CHECKS, MAKE.PICTURES[name][0]), name)

    def test_changes_are_seen(self):
        """A word, a point, a missing series: each is noticed; what no eye sees is not."""
        shown = self.shown("exponents.png")
        from cascade.report import drawn

        self.assertEqual(drawn.changes(shown, copy.deepcopy(shown)), [])

        def changed(how):
            other = copy.deepcopy(shown)
            how(other[0])
            return drawn.changes(shown, other)

        def move(panel, by):
            panel["points"][0][0] += by

        self.assertEqual(changed(lambda panel: move(panel, 1e-7)), [])  # another processor
        self.assertRegex(changed(lambda panel: move(panel, 0.02))[0], "1 coordinates moved")
        self.assertRegex(changed(lambda panel: panel["words"].append("new"))[0], "words changed")
        self.assertRegex(changed(lambda panel: panel["points"].pop())[0], "other points")
        self.assertRegex(drawn.changes(shown, [])[0], "panels")

    def test_the_readme_says_what_the_pictures_show(self):
        with open(os.path.join(SOURCE, "README.md"), encoding="utf-8") as file:
            readme = " ".join(file.read().replace(">", " ").split())
        for name in ("exponents.png", "campaign.png"):
            self.assertTrue(self.record[name]["answer"] or self.record[name]["small"] is None)
            self.assertIn(
                self.record[name]["answer"], readme, f"README.md quotes another answer than {name} was drawn from"
            )


if __name__ == "__main__":
    unittest.main()
