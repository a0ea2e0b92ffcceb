#!/usr/bin/env python3
"""What report.py does with its command line, with results that are broken, and where it cannot write."""
import os
import sys
import unittest

from made_reports import ReportCase, call, report, result, store


class Commands(ReportCase):
    def test_figure_export(self):
        store(self.path, report([result("grid/zeta/p2", "zeta", 1.0, order=2.0)]))
        for ending, magic in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
            target = os.path.join(self.path, "f." + ending)
            self.assertEqual(call("--figure", "zeta", self.path, "-o", target).returncode, 0)
            with open(target, "rb") as file:
                self.assertEqual(file.read(len(magic)), magic)
        for arguments, said in (
            (("--figure", "none", self.path, "-o", "a.png"), "choose one of"),
            (("--figure", "boxes", self.path, "-o", "a.png"), "nothing to show"),
            (("--figure", "zeta", self.path), "-o FILE"),
            (("--figure", "zeta", self.path, "-o", "a.gif"), ".png, .svg or .pdf"),
        ):
            ran = call(*arguments)
            self.assertEqual(ran.returncode, 2)
            self.assertIn(said, ran.stderr)
        self.assertIn("zeta", call("--figure", "list", self.path).stdout)

    def test_broken_inputs_say_what_to_do(self):
        def refused(*said):
            ran = call(self.path)
            self.assertEqual(ran.returncode, 2, ran.stderr)
            self.assertNotIn("Traceback", ran.stderr)
            for words in said:
                self.assertIn(words, ran.stderr)

        json_path, h5_path = os.path.join(self.path, "report.json"), os.path.join(self.path, "results.h5")
        refused("report.json", "has not finished")
        store(self.path, report(), sums=False)
        os.unlink(h5_path)
        refused("results.h5", "not there")
        with open(h5_path, "w", encoding="ascii") as file:
            file.write("not HDF5")
        refused("results.h5", "cannot be read")
        for content, said in (
            ("{", "cannot be read"),
            ("[]", "schema"),
            ('{"schema": "cascade-report/9"}', "cascade-report/9"),
        ):
            with open(json_path, "w", encoding="ascii") as file:
                file.write(content)
            refused("report.json", said)
        self.assertIn("no such directory", call(os.path.join(self.path, "none")).stderr)
        self.assertEqual(sorted(os.listdir(self.path)), ["report.json", "results.h5"])

    def test_missing_modules_are_named_with_their_packages(self):
        store(self.path, report())
        ran = call(self.path, python=(sys.executable, "-I", "-S", "-B"))  # no site-packages
        self.assertEqual(ran.returncode, 2)
        self.assertIn("apt-get install python3-numpy python3-h5py python3-matplotlib python3-jinja2", ran.stderr)

    def test_unwritable_output(self):
        store(self.path, report())
        ran = call(self.path, "-o", os.path.join(self.path, "none", "page.html"))
        self.assertEqual(ran.returncode, 4)
        self.assertIn("cannot write: No such file or directory", ran.stderr)


if __name__ == "__main__":
    unittest.main()
