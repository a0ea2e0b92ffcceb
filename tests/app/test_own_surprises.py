#!/usr/bin/env python3
"""Files as others write them: tables of every kind, packed and linked HDF5, boxes of two points, numbers out of range
or rounded, data that change under a run; ramps and waves whose moments and scales are known in closed form."""

import json
import pathlib
import unittest
import xml.etree.ElementTree

import h5py
import numpy as np

from program import Program

FAST = """
analysis: {structure_function: {orders: [1, 2]}, spectrum: {}}
approximation: {enabled: false}
"""


class Surprises(Program):
    def refused(self, name, *words, keys=""):
        text = "field: {generator: file, path: " + name + keys + "}" + FAST
        (self.place / "bad.yaml").write_text(text, encoding="utf-8")
        said = self.cascade("bad.yaml", "--output", "never", code=2)
        for word in words:
            self.assertIn(word, said)

    def run_file(self, field, analysis=FAST, folder="out", more=()):
        (self.place / "in.yaml").write_text("field: {generator: file, " + field + "}" + analysis, encoding="utf-8")
        self.said = self.cascade("in.yaml", "--output", folder, "--force", *more)
        return json.loads((self.place / folder / "report.json").read_text())

    def test_tables_of_every_kind(self):
        walk = np.round(np.cumsum(np.random.default_rng(2).standard_normal(600)), 4)
        lines = [f"{v:.4f}" for v in walk]
        place = self.place
        (place / "plain.csv").write_text("\n".join(lines), encoding="utf-8")
        wanted = self.run_file("path: plain.csv, length: 30")["results"]
        timed = [f"{0.05 * i:.2f}" for i in range(600)]
        european = [line.replace(".", ",") for line in lines]
        tables = {
            "bom.csv": ("\ufeff" + "\n".join(lines), "length: 30"),
            "windows.csv": ("u\r\n" + "\r\n".join(lines) + "\r\n", "length: 30"),
            "trailing.csv": ("\n".join(line + "," for line in lines), "length: 30"),
            "two.csv": ("t,u\n" + "\n".join(f"{t},{u}" for t, u in zip(timed, lines)), ""),
            "loose.csv": ("t,u\n" + "\n".join(f"{t},{u}," for t, u in zip(timed, lines)), ""),
            "named.csv": ("u;t;v\n" + "\n".join(f"{u};{t};x" for t, u in zip(timed, lines)), "column: u, position: t"),
            "europe.csv": ("t;u\n" + "\n".join(f"{t.replace('.', ',')};{u}" for t, u in zip(timed, european)),
                           "decimal: comma"),
            "fortran.dat": ("\n".join(f"  {float(v) / 10:.6f}D+01" for v in lines), "length: 30"),
            "no_time.csv": ("a,u\n" + "\n".join(f"7,{u}" for u in lines), "column: u, length: 30"),
        }
        for name, (text, keys) in tables.items():
            (place / name).write_text(text, encoding="utf-8", newline="")
            found = self.run_file(f"path: {name}" + (", " + keys if keys else ""))["results"]
            self.assertEqual([r["id"] for r in found], [r["id"] for r in wanted], name)
            for a, b in zip(found, wanted):
                self.assertAlmostEqual(a["measured"]["value"] or 0, b["measured"]["value"] or 0, 9, name)
        gaps = [k for k in range(600) if k % 50 not in (7, 8)]
        (place / "gaps.csv").write_text("t,u\n" + "\n".join(f"{timed[k]},{lines[k]}" for k in gaps), encoding="utf-8")
        self.refused("gaps.csv", "24 of 600 points have no finite value", "the first is point 7")
        (place / "uneven.csv").write_text("t,u\n" + "\n".join(f"{np.sqrt(k)},{u}" for k, u in enumerate(lines)),
                                          encoding="utf-8")
        self.refused("uneven.csv", "not evenly spaced", "numpy.interp", "field.position: none")
        (place / "unsorted.csv").write_text("t,u\n1,2\n3,4\n2,5\n", encoding="utf-8")
        self.refused("unsorted.csv", "unsorted.csv:4:", "field.column (t, u)")
        self.refused("europe.csv", "field.column (t, u)")
        self.run_file("path: europe.csv, column: u, decimal: comma")
        (place / "comma.csv").write_text("t;u\n1;2,5\n2;3,5\n", encoding="utf-8")
        self.refused("comma.csv", "'2,5' is no number", "field.decimal: comma")
        (place / "twice.csv").write_text("t,u,u\n1,2,5\n2,3,4\n3,4,4\n", encoding="utf-8")
        self.refused("twice.csv", "2 columns are called 'u'; name one by its number", keys=", column: u, position: t")
        self.run_file("path: twice.csv, column: 3, position: t")
        (place / "returns.csv").write_bytes(b"t,u\r1,2\r2,3\r")
        self.refused("returns.csv", "carriage returns alone")
        (place / "wide.csv").write_text("u\n1\n2\n", encoding="utf-16")
        self.refused("wide.csv", "UTF-16", "iconv")

    def test_packed_and_linked_datasets(self):
        rng = np.random.default_rng(4)
        f = np.cumsum(rng.integers(-3, 4, (160, 100)), 1).astype("i2")
        place = self.place
        with h5py.File(place / "data.h5", "w") as file:
            file["x"] = 0.01 * f + 273.15
        with h5py.File(place / "linked.h5", "w") as file:
            file["far"] = h5py.ExternalLink("data.h5", "/x")
        with h5py.File(place / "packed.nc", "w") as file:
            file["t"] = f
            file["t"].attrs["scale_factor"], file["t"].attrs["add_offset"] = 0.01, 273.15
            file["t"].attrs["_FillValue"] = np.int16(-32767)
            file["gone"] = h5py.ExternalLink("absent.h5", "/x")
        wanted = self.run_file("path: data.h5")["results"]
        for name in ("linked.h5", "packed.nc"):
            for a, b in zip(self.run_file(f"path: {name}")["results"], wanted):
                self.assertAlmostEqual(a["measured"]["value"] or 0, b["measured"]["value"] or 0, 8, name)
        self.refused("packed.nc", "is a link to a dataset that is not there", keys=", dataset: gone")
        with h5py.File(place / "packed.nc", "a") as file:
            file["t"][3, 4] = -32767
        self.refused("packed.nc", "1 of 16000 points have no finite value", "(y, x) = (3, 4)")

    def test_few_points_and_numbers_out_of_range(self):
        rng = np.random.default_rng(6)
        for shape in ((2,), (3,), (2, 2), (2, 30), (4, 3, 2), (7, 1, 1)):
            np.save(self.place / "few.npy", rng.standard_normal(shape))
            self.assertIn("no scaling range", " ".join(self.cascade("few.npy", "--output", "few", "--force").split()))
        f = np.cumsum(rng.standard_normal((64, 80)), 1)
        for factor in (1e160, 1e-160):
            np.save(self.place / "far.npy", factor * f)
            self.refused("far.npy", "leave the range of double precision")
        np.save(self.place / "rounded.npy", (f + 3e7).astype("f4"))
        self.run_file("path: rounded.npy")
        self.assertRegex(" ".join(self.said.split()), r"\d+% of neighbouring values are equal, others differ by 2 at")
        np.save(self.place / "exact.npy", f)
        self.run_file("path: exact.npy")
        self.assertNotIn("neighbouring values are equal", self.said)

    def test_data_that_change(self):
        walk = np.cumsum(np.random.default_rng(8).standard_normal(2000))
        np.save(self.place / "walk.npy", walk)
        report = self.run_file("path: walk.npy", folder="kept")
        self.assertRegex(report["run"]["config"]["field"]["fingerprint"], r"^16128 bytes, checksum [0-9a-f]{16}$")
        self.assertNotIn("run.seed=", self.said)
        self.assertIn("analysis.increment_pdf.enabled=true", self.said)
        self.assertIn("complete already", self.cascade("in.yaml", "--output", "kept", "--resume"))
        walk[1000] += 1e-6
        np.save(self.place / "walk.npy", walk)
        said = self.cascade("in.yaml", "--output", "kept", "--resume", code=2)
        self.assertIn("the result there is of another input", said)
        self.assertIn("field.fingerprint", said)
        seen = report["run"]["config"]["field"]["fingerprint"]
        said = self.cascade("in.yaml", "--output", "new", "--set", f"field.fingerprint={seen}", code=2)
        self.assertIn("the files are others", said)

    def test_ramps_are_exact(self):
        # What fastSF ships for its tests: u_c = x_c on 32^3 nodes, T = x + y + z, so that S_q = l^q of a vector.
        n = 32
        x = np.linspace(0, 1, n)
        z, y, x = np.meshgrid(x, x, x, indexing="ij")
        for name, data in (("U.V1r", z), ("U.V2r", y), ("U.V3r", x), ("T.Fr", x + y + z)):
            with h5py.File(self.place / f"{name}.h5", "w") as file:
                file[name] = data
        vector = "path: [U.V1r.h5, U.V2r.h5, U.V3r.h5], dataset: [U.V1r, U.V2r, U.V3r], points_at: nodes, length: 1"
        ramp = "path: T.Fr.h5, dataset: T.Fr, points_at: nodes, length: 1"
        signed = """
analysis: {structure_function: {orders: [1, 2, 3], lags: all, signed: true, map: true}}
approximation: {enabled: false}
"""
        self.run_file(vector, signed)
        with h5py.File(self.place / "out" / "results.h5") as file:
            group = file["all_lags"]
            l = np.meshgrid(*[group[f"map_l_{a}"][:] for a in "zyx"], indexing="ij")
            length = np.sqrt(l[0] ** 2 + l[1] ** 2 + l[2] ** 2)
            for p in (1, 2, 3):
                self.assertLess(np.abs(group[f"longitudinal/map_S_{p}"][:] - length ** p).max(), 1e-10)
            self.assertLess(np.abs(group["transverse/map_S_2"][:]).max(), 1e-10)
        header = xml.etree.ElementTree.parse(self.place / "out" / "all_lags.xmf").getroot()
        items = {a.get("Name"): a.find("DataItem") for a in header.iter("Attribute")}
        self.assertIn("longitudinal/S_3", items)
        with h5py.File(self.place / "out" / "results.h5") as file:
            for item in items.values():
                path = item.text.strip().split(":")[1]
                self.assertEqual([int(k) for k in item.get("Dimensions").split()], list(file[path].shape))
        self.assertEqual(header.find(".//Topology").get("Dimensions"), "64 64 64")
        self.require_whole("out")
        self.run_file(ramp, signed)
        with h5py.File(self.place / "out" / "results.h5") as file:
            for p in (1, 2, 3):
                found, wanted = file[f"all_lags/map_S_{p}"][:], (l[0] + l[1] + l[2]) ** p
                self.assertLess(np.abs(found - wanted).max(), 1e-10)
        absolute = """
analysis: {structure_function: {orders: [0.5, 1, 2, 3], lags: directions}}
approximation: {enabled: false}
"""
        self.run_file(vector, absolute)
        self.assertNotIn("neighbouring values are equal", self.said)
        with h5py.File(self.place / "out" / "results.h5") as file:
            for place in ("directions", "structure_function"):  # 32 points have no range for an exponent, but curves
                group = file[place]["longitudinal"]
                self.assertGreater(len(group["r"]), 3)
                for p in ("0.5", "1", "2", "3"):
                    self.assertLess(np.abs(group[f"S_{p}"][:] / group["r"][:] ** float(p) - 1).max(), 1e-10)
            self.assertGreater(len(file["directions/longitudinal/r"]), 10)

    def test_what_is_guessed_of_axes_is_said(self):
        rng = np.random.default_rng(5)
        place = self.place

        def save(name, shape):
            np.save(place / name, np.cumsum(rng.standard_normal(shape), axis=1))

        save("first.npy", (3, 8, 9, 10))
        save("plane.npy", (2, 24, 20))
        save("last.npy", (8, 9, 10, 3))
        for name, words in (("first.npy", "axis 1 of the array (shape 3 x 8 x 9 x 10, slowest first) is taken for the 3"),
                            ("last.npy", "axis 4 of the array (shape 8 x 9 x 10 x 3, slowest first) is taken for the 3"),
                            ("plane.npy", "axis 1 of the array (shape 2 x 24 x 20, slowest first) is taken for the 2")):
            report = self.run_file("path: " + name)
            said = [w for w in report["warnings"] if words in w]
            self.assertEqual(len(said), 1, name)
            self.assertIn("field.time", said[0])
            self.assertIn("field.component_axis: none", said[0])
            self.assertIn("is taken for the", self.said.replace("\n  ", " "))
            self.assertIn(words, self.cascade("in.yaml", "--dry-run"))
        for told in (", component_axis: first", ", time: 1"):
            report = self.run_file("path: first.npy" + told)
            self.assertFalse([w for w in report["warnings"] if "taken for" in w], told)
        for name, shape in (("both.npy", (3, 8, 9, 3)), ("times.npy", (3, 3, 8, 9)), ("few.npy", (3, 30, 40)),
                            ("few_last.npy", (40, 32, 4))):
            save(name, shape)
            self.refused(name, "component_axis", "component_axis: first, last, or none",
                         " x ".join(str(n) for n in shape))
        self.run_file("path: few.npy, component_axis: none")
        with h5py.File(place / "named.h5", "w") as file:
            file["u"] = np.load(place / "first.npy")
            file["series"] = np.cumsum(rng.standard_normal(300))
            file["time"] = np.arange(3.0)
            file["time"].make_scale()
            file["t"] = np.arange(300.0)
            file["t"].make_scale()
            file["u"].dims[0].attach_scale(file["time"])
            file["series"].dims[0].attach_scale(file["t"])
        self.refused("named.h5", "field.time: missing: axis 1 of the array of shape 3 x 8 x 9 x 10 is called",
                     keys=", dataset: u")
        self.run_file("path: named.h5, dataset: u, time: 2")
        self.run_file("path: named.h5, dataset: series")

    def test_scales_of_a_wave(self):
        # u = A sin(2 pi x): <u^2> = A^2/2, <(du/dx)^2> = (2 pi A)^2/2, correlation cos(2 pi r); D = 3 by Taylor's
        # hypothesis.
        n, amplitude, nu = 512, 3.0, 0.01
        np.save(self.place / "wave.npy", amplitude * np.sin(2 * np.pi * (np.arange(n) + 0.5) / n))
        turbulent = f"""
analysis: {{turbulence: {{viscosity: {nu}, separations_per_octave: 8}}}}
approximation: {{enabled: false}}
"""
        found = {r["id"]: r["measured"]["value"]
                 for r in self.run_file("path: wave.npy, periodic: true, length: 1", turbulent)["results"]}
        gradient = (2 * np.pi * amplitude) ** 2 / 2
        self.assertAlmostEqual(found["grid/taylor_scale"], 1 / (2 * np.pi), 7)
        self.assertAlmostEqual(found["grid/integral_scale"], 1 / (2 * np.pi), 3)  # trapezoids
        self.assertAlmostEqual(found["grid/kolmogorov_scale"] / (nu ** 3 / (15 * nu * gradient)) ** 0.25, 1, 6)
        self.assertAlmostEqual(found["grid/taylor_reynolds"] / (amplitude / np.sqrt(2) / (2 * np.pi) / nu), 1, 6)
        given = turbulent.replace("viscosity:", "dissipation: 5, viscosity:")
        found = {r["id"]: r["measured"]["value"]
                 for r in self.run_file("path: wave.npy, periodic: true, length: 1", given)["results"]}
        self.assertAlmostEqual(found["grid/kolmogorov_scale"] / (nu ** 3 / 5) ** 0.25, 1, 9)


if __name__ == "__main__":
    unittest.main()
