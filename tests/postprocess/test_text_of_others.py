#!/usr/bin/env python3
"""What others wrote (names of columns, files, cases, notes, warnings) is text on the page and in its figures."""
import base64
import re
import sys
import unittest
import xml.dom.minidom

from made_reports import ReportCase, call_here, curve, report, result, store

HOSTILE = ["</style><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"' onload='x", "{{ 7 * 7 }}{% if %}",
           "a\x00b\x1b[2Jc\x08", "$\\frac{1$ and $x_{$", "&amp;lt;b&gt;", "]]><!--", "\u202eabc", "\ud800"]


class TextOfOthers(unittest.TestCase):
    setUp = ReportCase.setUp
    page = ReportCase.page

    def told(self, text):
        stored = re.sub("[\x00\ud800]", "", text)  # what an HDF5 file can hold
        axes = {**curve(1.0), "x_name": stored, "y_name": stored, "x_unit": stored, "y_unit": stored}
        figure = {"name": "f", "title": text, "caption": text, "x_label": text, "y_label": text, "y_log": True,
                  "series": [{"label": text, "style": style, "x": [0.1, 1.0], "y": [1.0, 2.0], "error": []}
                             for style in ("line", "points")], "band": [0.2, 0.5], "band_label": text}
        shown = {"answers": [text], "tables": [{"title": text, "columns": [text], "rows": [[text]], "note": text}],
                 "figures": [figure]}
        own = result("grid/own/p1", "own", 1.0, title=text, curve=axes)
        own["fit"] = {**own["fit"], "model": text, "note": text}
        own["predicted"] = {"value": 1.0, "formula": text}
        told = report([own], verdict=text, warnings=[text], page=shown)
        told["run"].update(name=text, input=text, host=text, config={text: text}, libraries={text: text}, git=text)
        told["checks"] = [{"id": text, "measured": 1.0, "expected": 1.0, "tolerance": 0.1, "passed": True}]
        return told

    def test_nothing_others_wrote_is_obeyed(self):
        for text in HOSTILE:
            with self.subTest(text=text):
                page = self.page(self.told(text))
                with open(f"{self.path}/report.html", encoding="utf-8") as file:
                    source = file.read()
                found = re.search(r"(?i)<script>alert|<img src=x|&lt;b>|[\x00-\x08\x0b\x0e-\x1f\u202e]", source)
                self.assertIsNone(found)
                self.assertTrue("7 * 7" not in text or "{{ 7 * 7 }}" in page.text)
                for picture in re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", source):
                    drawing = xml.dom.minidom.parseString(base64.b64decode(picture))  # well-formed
                    self.assertFalse(drawing.getElementsByTagName("script"))
                self.assertGreater(page.pictures, 0)

    def test_a_figure_alone(self):
        for text in HOSTILE:
            store(self.path, self.told(text))
            names = call_here("--figure", "list", self.path)
            self.assertEqual((names.returncode, names.stderr), (0, ""))
            self.assertFalse(set(names.stdout) & set("\x00\x1b\x08"), names.stdout)


if __name__ == "__main__":
    sys.exit(unittest.main())
