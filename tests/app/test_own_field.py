#!/usr/bin/env python3
"""A field of one's own: every format gives the same report, what cannot be read is refused, and what a generator wrote
is measured as the generator's own."""

import json
import struct
import unittest

import h5py
import numpy as np

from program import CASCADE, Program, SOURCES  # noqa: F401  (CASCADE: for who runs one by hand)
from surfaces import surface

FAST = """
analysis: {structure_function: {orders: [1, 2]}, spectrum: {}, box_counting: {thresholds: [1], gradients: [1]}}
approximation: {degrees: [0], loss_powers: [2], partitions: [uniform], averages: [volume]}
"""


class OwnField(Program):
    def write(self, name, field):
        text = "field: {generator: file, " + field + "}" + FAST
        (self.place / name).write_text(text, encoding="utf-8")
        return name

    def measured(self, name, *more, ranks=0):
        folder = self.place / ("out_" + name.replace(".", "_") + str(ranks))
        self.cascade(name, "--output", folder, "--quiet", "--force", *more, ranks=ranks)
        report = json.loads((folder / "report.json").read_text())
        return {r["id"]: r["measured"] for r in report["results"]}, report

    def test_every_format_gives_the_same_numbers(self):
        f = surface((160, 128))
        place = self.place
        np.save(place / "c.npy", f)
        np.save(place / "fortran.npy", np.asfortranarray(f))
        np.savez(place / "stored.npz", u=f)
        np.savez_compressed(place / "deflated.npz", u=f, v=f)
        f.astype(">f8").tofile(place / "big.raw")
        with open(place / "record.bin", "wb") as stream:
            stream.write(struct.pack("<i", f.nbytes) + f.tobytes(order="F") + struct.pack("<i", f.nbytes))
        with h5py.File(place / "u.h5", "w") as file:
            file["deep/u"] = f
            file["times"] = np.stack([f + 1, f])
            file.create_dataset("chunked", data=f, chunks=(7, 11), compression="gzip", fletcher32=True)
            file["wide"] = np.repeat(np.repeat(f, 2, 0), 3, 1)
        wanted, _ = self.measured(self.write("c.yaml", "path: c.npy"))
        self.assertGreater(len(wanted), 4)
        for number, field in enumerate([
                "path: fortran.npy", "path: stored.npz", "path: deflated.npz, dataset: v",
                "path: big.raw, shape: [160, 128], byte_order: big", "path: u.h5, dataset: deep/u",
                "path: u.h5, dataset: /times, time: 1", "path: u.h5, dataset: chunked",
                "path: u.h5, dataset: wide, step: [2, 3]",
                "path: record.bin, shape: [160, 128], order: Fortran, offset: 4"]):
            if "record" in field:  # the trailing mark of a Fortran record is not part of the field
                data = (place / "record.bin").read_bytes()
                (place / "record.bin").write_bytes(data[:-4])
            found, _ = self.measured(self.write(f"f{number}.yaml", field))
            self.assertEqual(found, wanted, field)

    def test_series_vectors_and_lengths(self):
        rng = np.random.default_rng(1)
        walk = np.cumsum(rng.standard_normal(2000))
        place = self.place
        np.save(place / "walk.npy", walk)
        rows = "\n".join(f"{i * 0.01};{v!r}" for i, v in enumerate(walk.tolist()))
        (place / "walk.csv").write_text("# a walk\ntime;u\n" + rows + "\n", encoding="utf-8")
        wanted, report = self.measured(self.write("walk.yaml", "path: walk.npy"))
        self.assertEqual(self.measured(self.write("csv.yaml", "path: walk.csv, column: u"))[0], wanted)
        self.assertLess(abs(wanted["grid/hurst"]["value"] - 0.5), 4 * wanted["grid/hurst"]["standard_error"])
        self.assertIn("Which alpha does the roughness of this field predict?", report["verdict"])
        # Exponents know nothing of units.
        longer, _ = self.measured(self.write("longer.yaml", "path: walk.npy, length: 64"))
        for name, value in wanted.items():
            self.assertAlmostEqual(longer[name]["value"], value["value"], 9, name)
        u, v = surface((160, 128), seed=1), surface((160, 128), seed=2)
        np.save(place / "u.npy", u)
        np.save(place / "v.npy", v)
        np.save(place / "first.npy", np.stack([u, v]))
        np.save(place / "last.npy", np.stack([u, v], axis=-1))
        np.save(place / "turned.npy", np.stack([v, u]))
        wanted, _ = self.measured(self.write("uv.yaml", "path: [u.npy, v.npy]"))
        self.assertIn("grid/zeta/longitudinal/p2", wanted)
        for name, field in (("first", "path: first.npy"), ("last", "path: last.npy"),
                            ("turned", "path: turned.npy, component_axis: first, components_along: reversed")):
            self.assertEqual(self.measured(self.write(name + ".yaml", field))[0], wanted, name)

    def test_ramps_scale_as_they_must(self):
        """Ramps with nodes at both ends, as fastSF tests itself with: S_2(r) = r^2 along each axis."""
        n = 65
        x = np.linspace(0, 1, n)
        for c, name in enumerate("xyz"):
            shape = [1, 1, 1]
            shape[c] = n
            np.save(self.place / f"ramp_{name}.npy", np.broadcast_to(x.reshape(shape), (n, n, n)).copy())
        self.write("ramp.yaml", "path: [ramp_x.npy, ramp_y.npy, ramp_z.npy], points_at: nodes, length: 1")
        _, report = self.measured("ramp.yaml", "--set", "approximation.enabled=false")
        self.assertRegex(report["verdict"],
                         r"There is no scaling range.* The local slope of S_2 is (2 at r = [^,]+, )+2 at")
        self.assertIn("r = 0.5", report["verdict"])  # 32 of 64 steps between nodes

    def test_same_bits_at_any_number_of_ranks(self):
        np.save(self.place / "uneven.npy", surface((70, 72, 64)))
        for name in (self.write("uneven.yaml", "path: uneven.npy, periodic: [true, false, true]"),):
            alone, _ = self.measured(name)
            self.assertGreater(len(alone), 3)
            for ranks in (2, 3):
                self.assertEqual(self.measured(name, ranks=ranks)[0], alone)

    def test_memory_of_a_rank_falls_with_the_ranks(self):
        """Every lag of a box of 80^3: what a rank holds beside the program and its libraries is shared."""
        np.save(self.place / "box.npy", np.random.default_rng(4).standard_normal((80, 80, 80)))
        (self.place / "box.yaml").write_text(
            "field: {generator: file, path: box.npy}\n"
            "analysis: {structure_function: {orders: [1, 2, 3, 4], lags: all, signed: true}}\n"
            "approximation: {enabled: false}\n", encoding="utf-8")
        peak = {ranks: self.measured("box.yaml", ranks=ranks)[1]["run"]["peak_bytes_per_rank"] for ranks in (1, 2, 4)}
        self.assertLess(peak[2], 0.85 * peak[1], peak)
        self.assertLess(peak[4], 0.85 * peak[2], peak)

    def test_what_a_generator_wrote_is_its_own(self):
        """What a measurement finds that knows nothing of the generator: the same bits from the file."""
        for number, field in enumerate((
                "generator: gaussian, embedding_dimension: 2, points: 128, hurst: 0.4",
                "generator: gaussian, embedding_dimension: 1, points: 1000, hurst: 0.3",
                "generator: gaussian, embedding_dimension: 3, points: 64, hurst: 0.3",
                "generator: beta_cascade, embedding_dimension: 1, dimension: 0.8, hurst: 0.3, points: 4096",
                "generator: beta_cascade, embedding_dimension: 2, dimension: 1.8, hurst: 0.3, points: 128",
                "generator: beta_cascade, embedding_dimension: 3, dimension: 2.7, hurst: 0.3, points: 64")):
            with self.subTest(field):
                self.compare_with_generator(number, field)

    def compare_with_generator(self, number, field):
        (self.place / f"made{number}.yaml").write_text(
            "run: {realisations: 1}\nfield: {" + field + "}\noutput: {field: true}\n" +
            ("sampling: {enabled: false}" if "cascade" in field else "") + FAST, encoding="utf-8")
        _, made = self.measured(f"made{number}.yaml")
        np_made = {r["id"]: r for r in made["results"]}
        _, read = self.measured(self.write(f"read{number}.yaml", f"path: out_made{number}_yaml0/field.h5"))
        compared = 0
        for r in read["results"]:
            own = np_made.get(r["id"])
            for way in ("blind", "plain"):
                if own is not None and way in (own.get("answers") or {}) and way in (r.get("answers") or {}):
                    self.assertEqual(own["answers"][way], r["answers"][way], (r["id"], way))
                    compared += 1
            if own is not None:
                self.assertEqual(own["curve"]["y"] if "curve" in own else 0, r["curve"]["y"] if "curve" in r else 0)
        short = "beta_cascade, embedding_dimension: 3" in field  # 64^3: zeta_1 of a cascade has no range
        self.assertGreaterEqual(compared, 4 if short else 5)

    def test_what_files_say_of_themselves(self):
        f = surface((160, 128))
        place = self.place
        np.save(place / "plain.npy", f)
        wanted, _ = self.measured(self.write("plain.yaml", "path: plain.npy, length: [80, 64], periodic: [true, "
                                             "false]"))
        with h5py.File(place / "own.h5", "w") as file:  # NetCDF-4: coordinates are dimension scales
            file["y"], file["x"] = np.arange(160) * 0.5, 10 + np.arange(128) * 0.5
            file["t"] = f
            for axis, name in enumerate("yx"):
                file[name].make_scale(name)
                file["t"].dims[axis].attach_scale(file[name])
            mesh = file.create_dataset("data/0/meshes/rho", data=f)  # openPMD: a scalar record
            mesh.attrs["gridSpacing"] = [0.5, 0.5]
            mesh.attrs["axisLabels"] = ["y", "x"]
        (place / "own.xmf").write_text("""<?xml version="1.0"?><Xdmf Version="3.0"><Domain><Grid>
            <Topology TopologyType="2DCoRectMesh" Dimensions="161 129"/><Geometry GeometryType="ORIGIN_DXDY">
            <DataItem Dimensions="2" Format="XML">0 0</DataItem><DataItem Dimensions="2" Format="XML">0.5 0.5</DataItem>
            </Geometry><Attribute Name="t" Center="Cell"><DataItem Format="HDF" Dimensions="160 128">
            own.h5:/data/0/meshes/rho</DataItem></Attribute></Grid></Domain></Xdmf>""", encoding="utf-8")
        for number, field in enumerate(("path: own.h5, dataset: t", "path: own.h5, dataset: /data/0/meshes/rho",
                                        "path: own.xmf, dataset: t")):
            found, report = self.measured(self.write(f"head{number}.yaml", field + ", periodic: [true, false]"))
            self.assertEqual(found, wanted, field)
            self.assertEqual(report["run"]["config"]["field"]["generator"], "file")
        header = (place / "own.xmf").read_text(encoding="utf-8")
        # Places along the axes (x first), raw numbers between others, most significant byte first.
        (place / "own.bin").write_bytes(b"eight..." + f.astype(">f8").tobytes() + b"behind")
        uneven = header.replace("ORIGIN_DXDY", "VXVY").replace(
            '<DataItem Format="HDF"', '<DataItem Format="Binary" Precision="8" Endian="Big" Seek="8"').replace(
            "own.h5:/data/0/meshes/rho", "own.bin")
        self.assertIn('"2" Format="XML">0 0<', uneven)
        even = uneven.replace('"2" Format="XML">0 0<', '"128" Format="XML">' + " ".join(map(repr, 0.5 * np.arange(128))) + "<")
        with h5py.File(place / "own.h5", "a") as file:
            file["places"] = np.arange(160) * 0.5
        even = even.replace('"2" Format="XML">0.5 0.5<', '"160" Format="HDF">own.h5:/places<')
        (place / "places.xmf").write_text(even, encoding="utf-8")
        found, _ = self.measured(self.write("places.yaml", "path: places.xmf, dataset: t, periodic: [true, false]"))
        self.assertEqual(found, wanted)
        with h5py.File(place / "own.h5", "a") as file:
            file["places"][:] = np.tanh(np.linspace(-2, 2, 160))
        said = self.cascade(self.write("walls.yaml", "path: places.xmf, dataset: t"), "--output", "never", code=2)
        self.assertRegex(said, "not evenly|uneven")
        (place / "short.xmf").write_text(even.replace('Seek="8"', 'Seek="800"'), encoding="utf-8")
        said = self.cascade(self.write("short.yaml", "path: short.xmf, dataset: t"), "--output", "never", code=2)
        self.assertIn("needs 163840", said)
        for number, (was, broken, why) in enumerate((
                ('Seek="8"', 'Seek="-8"', "a Seek of 0 or more bytes"), ('Dimensions="160 128">', ">", "need Dimensions"),
                (">own.h5:/places<", "><", "no reference FILE:/PATH"),
                ('Format="HDF">own.h5:/places<', 'Format="XML">0 1<', "2 places along an axis of 160 points"))):
            self.assertIn(was, even)
            (place / f"broken{number}.xmf").write_text(even.replace(was, broken), encoding="utf-8")
            said = self.cascade(self.write("broken.yaml", f"path: broken{number}.xmf, dataset: t"), "--output", "never",
                                code=2)
            self.assertIn(why, said)
        (place / "other.xmf").write_text(header.replace('"160 128"', '"160 127"'), encoding="utf-8")
        said = self.cascade(self.write("other.yaml", "path: other.xmf, dataset: t"), "--output", "never", code=2)
        self.assertIn("it says 160 x 127 points, and own.h5:/data/0/meshes/rho holds 160 x 128", said)
        filled = f.copy()
        filled[3, 4] = -9999
        with h5py.File(place / "own.h5", "a") as file:
            file["filled"] = filled
            file["filled"].attrs["_FillValue"] = np.float32(-9999)
        said = self.cascade(self.write("filled.yaml", "path: own.h5, dataset: filled"), "--output", "never", code=2)
        self.assertIn("1 of 20480 points have no finite value", said)
        # Other spacings along the axes: those of one spacing are averaged, nothing is blind.
        found, report = self.measured(self.write("spaced.yaml", "path: plain.npy, length: [1, 1]"))
        self.assertIn("grid/spectrum_slope", found)
        self.assertNotIn("grid/hurst", found)
        self.assertTrue(any("different spacing" in w for w in report["warnings"]), report["warnings"])

    def test_several_files_are_realisations(self):
        for i in range(8):
            np.save(self.place / f"snap_{i}.npy", surface((128, 96), seed=i))
        found, report = self.measured(self.write("snaps.yaml", 'files: "snap_*.npy"'), ranks=2)
        self.assertEqual(report["run"]["config"]["run"]["realisations"], 8)
        self.assertEqual(found, self.measured("snaps.yaml")[0])
        self.assertLess(abs(found["grid/hurst"]["value"] - 0.5), 4 * found["grid/hurst"]["standard_error"])
        said = self.cascade("snaps.yaml", "--output", "never", "--set", "run.realisations=9", code=2)
        self.assertIn("there are 8 in the files", said)

    def test_missing_values(self):
        f = surface((160, 128))
        holes = f.copy()
        holes[10, 5] = np.nan
        holes[33:35, 20] = np.inf
        np.save(self.place / "holes.npy", holes)
        said = self.cascade(self.write("holes.yaml", "path: holes.npy"), "--output", self.place / "never", code=2)
        self.assertIn("3 of 20480 points have no finite value", said)
        self.assertIn("(y, x) = (10, 5)", said)
        found, report = self.measured(self.write("exclude.yaml", "path: holes.npy, missing: exclude"))
        self.assertIn("grid/zeta/p2", found)
        self.assertIn("grid/alpha/uniform/volume/k0/q2", found)
        self.assertTrue(any("3 of 20480" in w for w in report["warnings"]), report["warnings"])
        with h5py.File(self.place / "out_exclude_yaml0" / "results.h5") as file:
            curve = file["results/grid/zeta/p2"]
            r = np.rint(curve["x"][:] * 160).astype(int)
            for i, shift in enumerate(r):
                total, pairs = 0.0, 0
                for axis in (0, 1):
                    a = np.moveaxis(np.where(np.isfinite(holes), holes, np.nan), axis, 0)
                    d = a[shift:] - a[:-shift]
                    total += np.nansum(d * d)
                    pairs += np.isfinite(d).sum()
                self.assertAlmostEqual(curve["y"][i] / (total / pairs), 1, 11)
                self.assertEqual(curve["count"][i], pairs)
        # Every lag and all directions of a field with holes, on two ranks: the pairs that are there.
        known = np.pad(np.isfinite(holes), ((0, 160), (0, 128)))
        filled = np.pad(np.where(np.isfinite(holes), holes, 0), ((0, 160), (0, 128)))
        m, u, uu = (np.fft.rfft2(a) for a in (known, filled, filled ** 2))
        pairs = np.rint(np.fft.irfft2(abs(m) ** 2))
        total = np.fft.irfft2(2 * (np.conj(m) * uu).real - 2 * abs(u) ** 2)
        y, x = (np.fft.fftfreq(2 * n, 1 / (2 * n)) for n in (160, 128))
        half = (y[:, None] > 0) | ((y[:, None] == 0) & (x > 0))
        shell = np.rint(np.hypot(y[:, None], x)).astype(int)
        by_shell = [np.bincount(shell[half], a[half]) for a in (pairs, total)]
        for lags in ("all", "directions"):
            (self.place / f"{lags}.yaml").write_text(
                "field: {generator: file, path: holes.npy, missing: exclude, periodic: false}\napproximation: "
                "{enabled: false}\nanalysis: {structure_function: {lags: " + lags + ", orders: [2]}}\n",
                encoding="utf-8")
            self.measured(f"{lags}.yaml", ranks=2)
            with h5py.File(self.place / f"out_{lags}_yaml2" / "results.h5") as results:
                count, s2 = (results["all_lags" if lags == "all" else "directions"][k][:] for k in ("count", "S_2"))
            if lags == "all":
                self.assertEqual(count.tolist(), by_shell[0][1:1 + len(count)].tolist())
                np.testing.assert_allclose(s2 * count, by_shell[1][1:1 + len(count)], rtol=1e-8)
            else:
                self.assertEqual(count[0], pairs[0, 1] + pairs[1, 0])
                self.assertAlmostEqual(s2[0] * count[0] / (total[0, 1] + total[1, 0]), 1, 8)
        np.save(self.place / "line.npy", np.where(np.arange(4096) == 77, np.nan, np.cumsum(f[:32].ravel())))
        for name, analysis in (("holes", "increment_pdf: {}"), ("holes", "partition_function: {}"),
                               ("line", "mfdfa: {}"), ("line", "leaders: {}"), ("line", "turbulence: {}")):
            (self.place / "needs.yaml").write_text(
                "field: {generator: file, path: " + name + ".npy, missing: exclude, periodic: true}\nanalysis: {" +
                analysis + "}\napproximation: {enabled: false}\n", encoding="utf-8")
            said = self.cascade("needs.yaml", "--output", "never", code=2)
            self.assertRegex(" ".join(said.split()), r"analysis\.\S+.* needs every value, and \d+ are missing", analysis)
        np.save(self.place / "constant.npy", np.full((20, 20), 3.25))
        said = self.cascade(self.write("constant.yaml", "path: constant.npy"), "--output", "never", code=2)
        self.assertIn("constant, 3.25 everywhere", said)

    def test_no_input_at_all(self):
        walk = np.cumsum(np.random.default_rng(5).standard_normal(3000))
        (self.place / "plain.csv").write_text("\n".join(map(repr, walk.tolist())), encoding="utf-8")
        said = self.cascade("plain.csv", "--output", self.place / "plain")
        self.assertIn("generator: file", said)
        self.assertRegex(said, r'path: "/.*plain\.csv"')  # whole: input.yaml runs from anywhere
        self.assertIn("generator: file", (self.place / "plain" / "input.yaml").read_text())
        report = json.loads((self.place / "plain" / "report.json").read_text())
        self.assertIn("2h/d", report["verdict"])
        self.assertTrue(report["hypotheses"])
        # A random walk fills its line evenly: refined trees are made for sets, and read alpha high there.
        self.assertEqual([i for i in report["answer"]["results"] if "/alpha/" in i],
                         ["grid/alpha/uniform/volume/k0/q2", "grid/alpha/uniform/volume/k0/q4"])
        self.assertRegex(report["verdict"], r"mean-square loss \(uniform partition, degree 0\).*it agrees with 2h/d")

    def test_bad_files_are_refused(self):
        place = self.place
        f = surface((24, 20))
        np.save(place / "f.npy", f)
        with h5py.File(place / "some.h5", "w") as file:
            file["a"], file["b"] = f, f + 1
            file["g/integers"] = np.arange(100)
            file["complex"] = f.astype(complex)
            file["five"] = np.zeros((4, 4, 4, 4, 4))
            file["none"] = np.zeros((0, 4))
            file.create_dataset("lzf", data=f, chunks=(6, 5), compression="lzf")  # a filter of h5py alone
        with h5py.File(place / "apart.h5", "w") as file:  # a grid that is denser towards its walls
            file["y"], file["x"] = np.tanh(np.linspace(-2, 2, 24)), np.arange(20) * 0.5
            file["u"] = f
            for axis, name in enumerate("yx"):
                file[name].make_scale(name)
                file["u"].dims[axis].attach_scale(file[name])
        with h5py.File(place / "two.h5", "w") as file:
            file["p"] = file["q"] = np.zeros((4, 4, 4))
        (place / "two.xmf").write_text("""<Xdmf><Domain><Grid><Attribute Name="p"><DataItem>two.h5:/p</DataItem></Attribute>
            <Attribute Name="q"><DataItem>two.h5:/q</DataItem></Attribute></Grid></Domain></Xdmf>""", encoding="utf-8")
        np.save(place / "integers.npy", np.arange(100))
        np.save(place / "complex.npy", f.astype(complex))
        np.save(place / "pickle.npy", np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
        np.save(place / "other.npy", f[:-1])
        (place / "cut.npy").write_bytes((place / "f.npy").read_bytes()[:-100])
        (place / "cut.h5").write_bytes((place / "some.h5").read_bytes()[:3000])
        (place / "empty.npy").write_bytes(b"")
        (place / "empty.h5").write_bytes(b"")
        (place / "empty.csv").write_bytes(b"")
        (place / "noise.h5").write_bytes(b"this is no HDF5 file")
        (place / "classic.nc").write_bytes(b"CDF\x01" + bytes(100))
        (place / "short.raw").write_bytes(bytes(80))
        (place / "two.txt").write_text("1 2 3\n3 4 5\n5 6 7\n", encoding="utf-8")
        (place / "words.csv").write_text("1\n2\nthree\n", encoding="utf-8")
        (place / "ragged.csv").write_text("a,b\n1,2\n3\n", encoding="utf-8")
        (place / "strange.foo").write_bytes(b"?")
        (place / "folder").mkdir()
        for field, code, words in (
                ("path: no.npy", 2, "no such file"), ("path: folder", 2, "is a directory"),
                ("path: strange.foo", 2, "the ending tells no format"),
                ("path: some.h5", 2, "/a, /b"), ("path: some.h5, dataset: c", 2, "there are: /a, /b"),
                ("path: some.h5, dataset: g", 2, "a group is"),
                ("path: some.h5, dataset: g/integers", 2, "holds integers"),
                ("path: some.h5, dataset: complex", 2, "complex"), ("path: some.h5, dataset: five", 2, "5 axes"),
                ("path: some.h5, dataset: none", 2, "empty"),
                ("path: some.h5, dataset: lzf", 2, "compressed by lzf (filter 32000)"),
                ("path: apart.h5, dataset: u", 2, "'y' along axis 1 of the array are not evenly spaced"),
                ("path: apart.h5, dataset: u, length: [2, 10]", 0, "24 x 20 points"),
                ("path: two.h5", 2, "name one as field.dataset: /p, /q"),
                ("path: two.xmf", 2, "name one as field.dataset: p, q"),
                ("path: two.xmf, dataset: z", 2, "there are: p, q"),
                ("path: integers.npy", 2, "astype(float)"), ("path: complex.npy", 2, "complex numbers"),
                ("path: pickle.npy", 2, "pickled Python objects"), ("path: cut.npy", 4, "ends early"),
                ("path: cut.h5", 4, "cut short"), ("path: empty.npy", 2, "is empty"), ("path: empty.h5", 2, "is empty"),
                ("path: empty.csv", 2, "is empty"), ("path: noise.h5", 2, "no HDF5 file"),
                ("path: classic.nc", 2, "nccopy"), ("path: short.raw", 2, "add field.shape"),
                ("path: short.raw, shape: [5, 5]", 2, "needs 200"),
                ("path: short.raw, shape: [4294967296, 4294967296]", 2, "64-bit"),
                ("path: short.raw, shape: [5, 5], offset: 81", 2, "offset 81 is beyond its 80 bytes"),
                ("path: two.txt", 2, "3 columns"), ("path: words.csv", 2, "words.csv:3: 'three' is no number"),
                ("path: ragged.csv, column: a", 2, "1 cells where the first line has 2"),
                ("path: [f.npy, other.npy]", 2, "shapes differ"), ("path: [f.npy, f.npy, f.npy]", 2, "3 components"),
                ("files: \"x_*.npy\"", 2, "no file matches"), ("path: f.npy, files: \"*.npy\"", 2, "keep one"),
                ("path: f.npy, time: 99", 2, "beyond"),
                ("path: f.npy, length: [1, 2, 3]", 2, "3 values in 2 dimensions"),
                ("path: f.npy, periodic: maybe", 2, "periodic"), ("format: npy", 2, "path: missing")):
            said = self.cascade(self.write("bad.yaml", field), "--dry-run", code=code)
            self.assertIn(words, said, field)
            lines = [line for line in said.splitlines() if "error" in line or "bad.yaml:" in line]
            self.assertLess(len(lines), 4, said)


if __name__ == "__main__":
    unittest.main()
