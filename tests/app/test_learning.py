#!/usr/bin/env python3
"""The task `learning` as a user meets it: files of every kind, the same report at any number of ranks, refusals."""

import json
import math
import subprocess
import unittest

import h5py
import numpy

from program import CASCADE, SECONDS, Program

SHEET = """
task: learning
data: {generator: manifold, manifold: sheet, dimension: 2, embedding_dimension: 12, points: 2048, target: {kind: modes}}
dimension: {estimators: [two_nn, mle, correlation, gride], gride_neighbours: 8}
learners:
  - {kind: nearest_neighbours, k: 1}
  - {kind: tree, split: pca, largest: 128}
  - {kind: kernel, largest: 256}
  - {kind: random_features, largest: 64}
  - {kind: network, smallest: 4, largest: 32, steps: 20}
curves: {repeats: 3, test_points: 512}
"""
FROM_FILE = """
task: learning
data: {generator: file, path: PATH}
dimension: {estimators: [two_nn]}
"""
LEARNED = FROM_FILE + "learners: [{kind: nearest_neighbours, k: 1}]\n"


def results(folder):
    with open(folder / "report.json", encoding="utf-8") as file:
        report = json.load(file)
    return report, {r["id"]: r for r in report["results"]}


class Learning(Program):
    INPUTS = {"sheet.yaml": SHEET, "file.yaml": FROM_FILE, "learned.yaml": LEARNED}

    def setUp(self):
        rng = numpy.random.default_rng(1)
        self.x = rng.random((300, 3))
        self.y = numpy.sin(5 * self.x[:, 0])

    def d_of(self, path, *settings, name="file.yaml"):
        self.cascade(name, "--set", f"data.path={path}", *[w for s in settings for w in ("--set", s)], "--quiet",
                     "--force", "--output", "out")
        report, found = results(self.place / "out")
        return report, found

    def refused(self, path, *settings, name="file.yaml", code=2):
        return self.cascade(name, "--set", f"data.path={path}", *[w for s in settings for w in ("--set", s)], "--force",
                            "--output", "refused", code=code)

    def test_ranks(self):
        """Every number of the report, bit for bit."""
        seen = []
        for ranks in (1, 2, 3):
            self.cascade("sheet.yaml", "--quiet", "--output", f"ranks{ranks}", ranks=ranks)
            report, _ = results(self.place / f"ranks{ranks}")
            seen.append(json.dumps([report["results"], report["hypotheses"], report["page"]]))
        self.assertEqual(seen[0], seen[1])
        self.assertEqual(seen[0], seen[2])
        report, found = results(self.place / "ranks1")
        self.assertEqual(report["task"], "learning")
        self.assertAlmostEqual(found["dimension/two_nn"]["measured"]["value"], 2, delta=0.25)
        self.assertEqual(found["dimension/two_nn"]["quantity"], "dimension_intrinsic")
        self.assertEqual(found["dimension/two_nn"]["settings"]["estimator"], "two_nn")
        alpha = found["alpha/nearest_neighbours_k1/data"]
        self.assertEqual((alpha["quantity"], alpha["settings"]["resource"]), ("alpha", "data"))
        self.assertIn("4h/d", {h["id"] for h in report["hypotheses"]})
        # a network of twenty steps is not at its end: nothing is concluded from it
        network = found.get("alpha/network/parameters")
        if network is not None and network["status"] == "failed":
            self.assertEqual({h["verdict"] for h in report["hypotheses"] if h["result"] == network["id"]}, {"undecided"})

    def test_shared_clouds(self):
        """Coordinates once for the ranks of a node, or once a rank where shared memory is refused: the same numbers."""
        wide = ("sheet.yaml", "--set", "data.embedding_dimension=2000", "--set", "data.points=1000", "--set", "learners=[]",
                "--set", "dimension.estimators=[two_nn]", "--set", "dimension.bias=false", "--quiet")
        limited = ("sh", "-c", 'ulimit -f 24576; exec "$0" "$@"')  # 12 MiB; the cloud has 15.3
        seen = []
        for name, ranks, before in (("alone", 1, ()), ("together", 3, ()), ("apart", 3, limited)):
            self.cascade(*wide, "--output", name, ranks=ranks, before=before)
            report, _ = results(self.place / name)
            seen.append(json.dumps([report["results"], report["hypotheses"], report["page"]]))
            self.assertEqual(any("each rank had a copy of the cloud, 15.3 MiB" in w for w in report["warnings"]),
                             name == "apart", report["warnings"])
        self.assertEqual(seen[0], seen[1])
        self.assertEqual(seen[0], seen[2])
        self.assertIn("once for 3 ranks", self.cascade(*wide[:-1], "--dry-run", ranks=3))
        self.assertIn("no room in /dev/shm", self.cascade(*wide[:-1], "--dry-run", ranks=3, before=limited))

    def test_files(self):
        """One cloud in every format is one cloud."""
        numpy.save(self.place / "a.npy", self.x)
        numpy.save(self.place / "fortran.npy", numpy.asfortranarray(self.x))
        numpy.savez(self.place / "a.npz", points=self.x, y=self.y)
        with h5py.File(self.place / "a.h5", "w") as file:
            file["deep/points"] = self.x
            file["deep/y"] = self.y
        with open(self.place / "a.csv", "w", encoding="utf-8") as file:
            file.write("u,v,w,y,word\n")
            for row, y in zip(self.x, self.y):
                file.write(",".join(repr(float(v)) for v in [*row, y]) + ",word\n")
        with open(self.place / "a.txt", "w", encoding="utf-8") as file:
            file.write("300 3\n")
            for i, row in enumerate(self.x):
                file.write(f"word{i} " + " ".join(repr(float(v)) for v in row) + "\n")
        values = set()
        for path, *settings in (("a.npy",), ("fortran.npy",), ("a.npz",), ("a.h5",), ("a.csv", "data.columns='u, v, w'"),
                                ("a.txt",)):
            _, found = self.d_of(path, *settings)
            values.add(found["dimension/two_nn"]["measured"]["value"])
        self.assertEqual(len(values), 1)
        self.assertAlmostEqual(list(values)[0], 3, delta=0.6)
        numpy.savez_compressed(self.place / "packed.npz", points=self.x)
        numpy.savetxt(self.place / "b.txt", self.x, fmt="%.17g")
        with open(self.place / "b.csv", "w", encoding="utf-8") as file:
            file.write("text;u;v;w\n")
            for row in self.x:
                file.write('"a; ""quoted""\ntext";' + ";".join(repr(float(v)) for v in row) + "\n")
        for path, *settings in (("packed.npz",), ("b.txt",), ("b.csv", "data.columns='u,v,w'")):
            _, found = self.d_of(path, *settings)
            values.add(found["dimension/two_nn"]["measured"]["value"])
        self.assertEqual(len(values), 1)
        rough = set()
        grid = numpy.round(self.x * 4000)
        numpy.save(self.place / "i.npy", grid.astype(">i2"))
        with h5py.File(self.place / "i.h5", "w") as file:
            file["points"] = grid.astype("u4")
            file["names"] = [b"a", b"b"]
        numpy.save(self.place / "f.npy", grid)
        for path in ("i.npy", "i.h5", "f.npy"):
            rough.add(self.d_of(path)[1]["dimension/two_nn"]["measured"]["value"])
        self.assertEqual(len(rough), 1)
        half = self.x.astype("f2")
        numpy.save(self.place / "half.npy", half)
        numpy.save(self.place / "wide.npy", half.astype(float))
        self.assertEqual(*(self.d_of(path)[1]["dimension/two_nn"]["measured"] for path in ("half.npy", "wide.npy")))
        numpy.save(self.place / "y.npy", self.y)
        losses = set()
        for path, target, *settings in (("a.npy", "y.npy"), ("a.npz", "y", "data.array=points"), ("a.h5", "deep/y"),
                                        ("a.csv", "y", "data.columns='u,v,w'")):
            _, found = self.d_of(path, f"data.target={target}", *settings, name="learned.yaml")
            losses.add(tuple(found["alpha/nearest_neighbours_k1/data"]["curve"]["y"]))
        self.assertEqual(len(losses), 1)

    def test_duplicates_and_missing_numbers(self):
        twice = numpy.vstack([self.x, self.x[:7]])
        numpy.save(self.place / "twice.npy", twice)
        report, found = self.d_of("twice.npy")
        self.assertTrue(any(w.startswith("7 of 307 rows") for w in report["warnings"]), report["warnings"])
        numpy.save(self.place / "once.npy", self.x)
        self.assertEqual(found["dimension/two_nn"]["measured"],
                         self.d_of("once.npy")[1]["dimension/two_nn"]["measured"])
        holes = self.x.copy()
        holes[5, 1] = numpy.nan
        numpy.save(self.place / "holes.npy", holes)
        self.assertIn("row 6", self.refused("holes.npy"))
        report, _ = self.d_of("holes.npy", "data.invalid=drop")
        self.assertTrue(any("NaN" in w for w in report["warnings"]))

    def test_refusals(self):
        numpy.save(self.place / "few.npy", self.x[:60])
        self.assertIn("at least 100", self.refused("few.npy"))
        numpy.save(self.place / "same.npy", numpy.ones((500, 3)))
        self.assertIn("1 different points", self.refused("same.npy"))
        numpy.save(self.place / "a.npy", self.x)
        numpy.save(self.place / "flat.npy", numpy.ones(300))
        self.assertIn("nothing to learn", self.refused("a.npy", "data.target=flat.npy"))
        numpy.save(self.place / "short.npy", self.y[:299])
        self.assertIn("299 targets for 300 points", self.refused("a.npy", "data.target=short.npy"))
        numpy.save(self.place / "cube.npy", numpy.ones((5, 5, 5)))
        self.assertIn("3 axes", self.refused("cube.npy"))
        numpy.save(self.place / "words.npy", numpy.array(["a", "b"]))
        self.assertIn("holds text", self.refused("words.npy"))
        numpy.savez(self.place / "two.npz", a=self.x, b=self.x, c=numpy.array(["x"]))
        self.assertIn("a (300 x 3), b (300 x 3)", self.refused("two.npz"))
        self.assertIn("name a file of one column", self.refused("a.npy", "data.target=y"))
        self.assertIn("data.target: 3 columns", self.refused("a.npy", "data.target=few.npy"))
        self.y.tofile(self.place / "a.raw")
        self.assertIn("'.raw' are not known", self.refused("a.raw"))
        numpy.save(self.place / "huge.npy", self.x * 1e160)
        self.assertIn("change the unit", self.refused("huge.npy"))
        numpy.save(self.place / "tiny.npy", self.x * 1e-170)
        self.assertIn("change the unit", self.refused("tiny.npy"))
        (self.place / "text.csv").write_text("u,v\n" + "1,x\n" * 5, encoding="utf-8")
        self.assertIn("is no number", self.refused("text.csv"))
        self.assertIn("no column 'w'", self.refused("text.csv", "data.columns=w"))
        (self.place / "ragged.txt").write_text("a 1 2\nb 1\n", encoding="utf-8")
        self.assertIn("line 2", self.refused("ragged.txt"))
        self.assertIn("no such file", self.refused("nowhere.npy"))
        self.assertIn(".dat", self.refused("a.dat"))
        self.assertIn("data.path", self.refused(""))
        self.assertIn("nothing to learn", self.refused("a.npy", name="learned.yaml"))
        self.assertIn("k = 300", self.refused("a.npy", "data.target=log_row",
                                              "learners=[{kind: nearest_neighbours, k: 300}]"))
        for setting, words in (("data.points=50", "100"), ("data.manifold=M99", "M9"), ("data.target.octaves=5", "need"),
                               ("learners=[{kind: nearest_neighbours, k: 2048}]", "learners[0].k"),
                               ("learners=[{kind: forest}]", "nearest_neighbours"), ("curves.repeats=2", "at least 3"),
                               ("data.embedding_dimension=5", "below 6"), ("data.target.kind=none", "nothing to learn"),
                               ("data.path=x.npy", "unknown"), ("run.realisations=2", "curves.repeats"),
                               ("output.field=true", "no field")):
            self.assertIn(words, self.cascade("sheet.yaml", "--set", setting, "--output", "refused", code=2), setting)

    def test_damaged_files_are_refused(self):
        """Files cut anywhere, or with bytes changed, end in a sentence."""
        numpy.save(self.place / "a.npy", self.x)
        numpy.savez(self.place / "a.npz", points=self.x)
        with h5py.File(self.place / "a.h5", "w") as file:
            file["points"] = self.x
        # From so many bytes on it is seen what the file was, and that it is damaged (4); an archive's list is at its end.
        for name, seen in (("a.npy", 10), ("a.npz", math.inf), ("a.h5", 8)):
            whole = (self.place / name).read_bytes()
            for length in (0, 5, 9, 40, 100, len(whole) // 2, len(whole) - 30):
                damaged = self.place / f"damaged-{name}"
                damaged.write_bytes(whole[:length])
                done = subprocess.run([CASCADE, "file.yaml", "--set", f"data.path=damaged-{name}", "--quiet", "--force",
                                       "--output", "damaged"], cwd=self.place, capture_output=True, text=True,
                                      timeout=SECONDS, check=False)
                self.assertEqual(done.returncode, 4 if length >= seen else 2, (name, length, done.stderr))
                self.assertNotIn("internal", done.stderr)

    def test_a_grid_has_no_ratios(self):
        """Neighbours that are equally far give no d, and that is said."""
        numpy.save(self.place / "grid.npy", numpy.stack(numpy.meshgrid(*[numpy.arange(7)] * 3), -1).reshape(-1, 3))
        report, found = self.d_of("grid.npy")
        self.assertNotIn("dimension/two_nn", found)
        _, found = self.d_of("grid.npy", "dimension.estimators=[two_nn, two_nn_ml, mle, correlation, gride]",
                             "dimension.neighbours=[5]", "dimension.gride_neighbours=4", "dimension.bias=false")
        self.assertEqual(list(found), [])
        self.assertTrue(any("no d from two_nn" in w for w in report["warnings"]), report["warnings"])

    def test_rounded_coordinates(self):
        """Few digits raise what neighbours read; the error holds it, and it is said."""
        square = numpy.random.default_rng(3).random((2000, 2))
        for steps, kind in ((250, float), (250, "f4"), (1e6, float)):
            numpy.save(self.place / "rounded.npy", (numpy.round(square * steps) / steps).astype(kind))
            report, found = self.d_of("rounded.npy", "dimension.estimators=[two_nn, two_nn_ml]", "dimension.bias=false")
            self.assertEqual(len(found), 2)
            for one in found.values():
                self.assertLess(abs(one["measured"]["value"] - 2), 2 * one["measured"]["standard_error"])
            said = any("coordinates are rounded" in w for w in report["warnings"])
            self.assertEqual(said, steps == 250, report["warnings"])
            if said:
                self.assertIn("cloud, rounded", self.cascade("file.yaml", "--set", "data.path=rounded.npy", "--dry-run"))

    def test_learners_without_a_size(self):
        """Neighbours or leaves that are too many for the points: no curve, and that is said."""
        numpy.savez(self.place / "a.npz", x=self.x[:120], y=self.y[:120])
        report, found = self.d_of("a.npz", "data.array=x", "data.target=y", name="learned.yaml")
        self.assertIn("alpha/nearest_neighbours_k1/data", found)
        for learner in ("{kind: nearest_neighbours, k: 50}", "{kind: tree}"):
            report, found = self.d_of("a.npz", "data.array=x", "data.target=y", f"learners=[{learner}]",
                                      name="learned.yaml")
            self.assertFalse(any(i.startswith("alpha") for i in found))
            self.assertTrue(any("too few points for any size of it" in w for w in report["warnings"]))

    def test_a_smooth_target_says_nothing_of_roughness(self):
        """S_2 shows no h above 1; that of a rough one is below."""
        x = numpy.random.default_rng(5).random((2000, 2))
        rough = numpy.cumsum(numpy.random.default_rng(6).normal(size=1 << 16))[(x[:, 0] * (1 << 16)).astype(int)]
        for name, target, said in (("smooth", numpy.sin(3 * x[:, 0]) + x[:, 1] ** 2, True), ("rough", rough, False)):
            numpy.savez(self.place / f"{name}.npz", x=x, y=target)
            report, _ = self.d_of(f"{name}.npz", "data.array=x", "data.target=y", "dimension.bias=false")
            self.assertEqual(any("say nothing of roughness" in w for w in report["warnings"]), said, report["warnings"])

    def test_targets_that_say_nothing(self):
        """Rounding, one drawn value, squares beyond double precision: refused. One row that differs: no h without error."""
        numpy.save(self.place / "a.npy", self.x)
        rng = numpy.random.default_rng(2)
        spike = numpy.arange(300) == 5
        for name, target, words in (("rounding", 1 + 2e-16 * rng.integers(0, 4, 300), "which is rounding"),
                                    ("offset", 1e9 + 1e-7 * rng.integers(0, 3, 300), "which is rounding"),
                                    ("huge", 1e200 * self.y, "change its unit"), ("tiny", 1e-200 * self.y, "change its unit")):
            numpy.save(self.place / f"{name}.npy", target)
            self.assertIn(words, self.refused("a.npy", f"data.target={name}.npy"), name)
        numpy.save(self.place / "spike.npy", spike.astype(float))
        self.assertIn("rows drawn (data.points): the target is the same",
                      self.refused("a.npy", "data.target=spike.npy", "data.points=100"))
        report, found = self.d_of("a.npy", "data.target=spike.npy", "dimension.bias=false")
        self.assertNotIn("hurst/p2", found)
        self.assertTrue(any("in one part of the cloud" in w for w in report["warnings"]), report["warnings"])
        numpy.save(self.place / "turned.npy", self.x.T)
        self.assertIn("turn the array of 3 rows and 300 columns", self.refused("turned.npy"))
        rows = numpy.column_stack([self.x, self.y])
        rows = numpy.vstack([rows, rows[:5], rows[:3] + [0, 0, 0, 1]])
        numpy.savetxt(self.place / "again.csv", rows, header="a,b,c,y", delimiter=",", fmt="%.17g", comments="")
        report, _ = self.d_of("again.csv", "data.target=y", "dimension.bias=false")
        self.assertTrue(any("8 of 308 rows" in w and "3 of them have another target" in w for w in report["warnings"]),
                        report["warnings"])

    def test_word_vectors(self):
        """A header or none, words with spaces, a file that was cut, damaged lines."""
        def written(name, head, word=lambda i: f"w{i}", spoiled=None):
            lines = [f"{word(i)} " + " ".join(f"{v:.6f}" for v in row) for i, row in enumerate(self.x)]
            if spoiled is not None:
                lines[9] = spoiled
            (self.place / name).write_text("".join(line + "\n" for line in [*head, *lines]), encoding="utf-8")
            return name

        def spaced(i):
            return {7: ". . .", 8: "at a@b"}.get(i, f"w{i}")

        values = set()
        for name, head, word in (("plain.txt", [], lambda i: f"w{i}"), ("head.vec", ["300 3"], lambda i: f"w{i}"),
                                 ("spaced.txt", [], spaced), ("cut.vec", ["400 3"], spaced)):
            report, found = self.d_of(written(name, head, word), "dimension.bias=false")
            values.add(found["dimension/two_nn"]["measured"]["value"])
            said = any("counts 400 words, and 300 are there" in w for w in report["warnings"])
            self.assertEqual(said, name == "cut.vec", report["warnings"])
        self.assertEqual(len(values), 1)
        for name, head, spoiled, words in (("wide.vec", ["300 4"], None, "3 numbers, 4 by the first line"),
                                           ("letter.vec", [], "w9 0.1 0.2x 0.3", "line 10: 'x 0.3' is no number"),
                                           ("short.vec", [], "a b 0.2 0.3", "line 10"), ("long.vec", [], "w 1 2 3 4", "line 10")):
            self.assertIn(words, self.refused(written(name, head, spoiled=spoiled)), name)

    def test_weights(self):
        """A point of weight w is w points: of a file that repeats them, and of one that says so."""
        def curve(path, *settings):
            report, found = self.d_of(path, "data.target=y", *settings, name="learned.yaml")
            return report, found["alpha/nearest_neighbours_k1/data"]["curve"]["y"]

        count = 1 + numpy.arange(300) % 3
        with h5py.File(self.place / "w.h5", "w") as file:
            file["x"], file["y"], file["w"] = self.x, self.y, count
        table = numpy.column_stack([self.x, self.y, count])
        numpy.savetxt(self.place / "w.csv", table, header="a,b,c,y,w", delimiter=",", fmt="%.17g")
        numpy.savetxt(self.place / "repeated.csv", numpy.repeat(table, count, axis=0), delimiter=",", fmt="%.17g",
                      header="a,b,c,y,w")
        numpy.save(self.place / "w.npy", 7 * count)
        _, plain = curve("w.h5", "data.array=x")
        report, weighted = curve("w.h5", "data.array=x", "data.weights=w")
        self.assertNotEqual(plain, weighted)
        self.assertTrue(any("whatever its weight" in w for w in report["warnings"]))
        self.assertEqual(weighted, curve("w.csv", "data.weights=w")[1])
        for one, other in zip(weighted, curve("w.h5", "data.array=x", "data.weights=w.npy")[1]):
            self.assertAlmostEqual(one / other, 1, places=12)  # a unit is nothing
        numpy.save(self.place / "ones.npy", numpy.ones(600))
        report, repeated = curve("repeated.csv", "data.columns='a,b,c'", "data.weights=ones.npy")
        self.assertEqual(weighted, repeated)
        self.assertTrue(any(w.startswith("300 of 600 rows") for w in report["warnings"]))
        zero = count.astype(float)
        zero[7] = 0
        numpy.save(self.place / "zero.npy", zero)
        report, _ = curve("w.h5", "data.array=x", "data.weights=zero.npy")
        self.assertTrue(any("1 of 300 rows have weight 0" in w for w in report["warnings"]))
        zero[11] = -1
        numpy.save(self.place / "zero.npy", zero)
        self.assertIn("row 12 is -1", self.refused("w.h5", "data.array=x", "data.weights=zero.npy"))
        numpy.save(self.place / "zero.npy", numpy.zeros(300))
        self.assertIn("0 different points of weight above 0",
                      self.refused("w.h5", "data.array=x", "data.weights=zero.npy"))
        self.assertIn("no column 'q'", self.refused("w.csv", "data.weights=q"))

    def test_many_cases_are_answered_in_one_sentence(self):
        few = ["--set", "data.points=512", "--set", "curves.test_points=128", "--set",
               "learners=[{kind: nearest_neighbours}]", "--quiet", "--force", "--output", "cases"]
        self.cascade("sheet.yaml", "--set", "sweep.hursts=[0.3, 0.6]", "--set", "sweep.smooth=true", *few)
        report, _ = results(self.place / "cases")
        found = [h["verdict"] for h in report["hypotheses"] if h["id"] == "4h/d" and h["settings"]["given"] == "declared"]
        self.assertEqual(len(found), 2)  # a smooth target has no h
        said = report["answer"]["text"]
        self.assertTrue(said.startswith("Of 2 learning curves of rough targets 2h/d is "), said)
        self.assertIn("4h/d is " + ", ".join(f"{v} in {found.count(v)}" for v in sorted(set(found), key=found.index)), said)
        self.cascade("file.yaml", "--set", "data={generator: manifold, points: 400}", "--set",
                     "sweep.manifolds=[M7, M2]", *few[6:])
        report, _ = results(self.place / "cases")
        self.assertRegex(report["answer"]["text"], r"two_nn holds d in \d of 2 sets")

    def test_one_target_does_not_reject_what_holds_of_all(self):
        """h declared is that of all targets; noisy cases, whose law is another, are not counted in the sentence of all."""
        settings = ["data={generator: manifold, manifold: cube, dimension: 1, embedding_dimension: 2, points: 1024, "
                    "target: {kind: modes}}", "sweep.noises=[0, 1]", "learners=[{kind: random_features, largest: 64}]",
                    "curves={decompose: true, test_points: 512}", "dimension.bias=false"]
        self.cascade("file.yaml", *[w for s in settings for w in ("--set", s)], "--quiet", "--output", "one")
        report, found = results(self.place / "one")
        table = next(t for t in report["page"]["tables"] if t["title"] == "The next halving of the loss")
        factor, span = (table["columns"].index(name) for name in ("factor to halve", "95%"))
        for row in table["rows"]:
            if row[0] == "language":
                self.assertEqual(row[span], "-")
                continue
            least, most = row[span].split(" to ")
            a = found[f"{row[0]}/alpha/random_features/parameters"]["measured"]
            self.assertLess(float(least), float(row[factor]))
            if a["interval95"][0] > 0:
                ratio = math.log(float(row[factor])) / math.log(float(most))
                self.assertAlmostEqual(ratio, a["interval95"][0] / a["value"], delta=0.02)
            else:
                self.assertEqual(most, "no end")
        alpha = found["noise0/alpha/random_features/parameters"]
        self.assertGreater(abs(alpha["measured"]["value"] - 1) / alpha["measured"]["standard_error"], 5)  # of 2h/d = 1
        self.assertEqual(alpha["verdict"], "undecided")
        declared = {h["id"]: h for h in report["hypotheses"]
                    if h["result"] == alpha["id"] and h["settings"]["given"] == "declared"}
        for formula in ("2h/d", "4h/d"):
            self.assertEqual(declared[formula]["verdict"], "undecided")
            self.assertIn("one target", declared[formula]["sentence"])
        verdicts = {h["id"]: h["verdict"] for h in report["hypotheses"]
                    if h["result"] == alpha["id"] and h["settings"]["given"] == "measured"}
        said = report["answer"]["text"]  # of one target the measured h judges, as in the sentences beside it
        self.assertTrue(said.startswith(f"Of 1 learning curves of rough targets 2h/d is {verdicts['2h/d']} in 1; 4h/d is "
                                        f"{verdicts['4h/d']} in 1."), said)
        curves = [f for f in report["page"]["figures"] if f["name"].startswith("learning_curves")]
        self.assertEqual([s["label"] for f in curves for s in f["series"] if s["style"] == "line"], [""] * len(curves))
        self.assertRegex(curves[0]["series"][0]["label"], r"^random ReLU features, parameters: alpha = \S+ \+- \S+$")

    def test_a_single_case_says_which_formula_holds(self):
        few = ["--set", "data.points=4096", "--set", "curves.test_points=256", "--set",
               "learners=[{kind: nearest_neighbours, k: 1}, {kind: nearest_neighbours, k: 8}]", "--quiet", "--force",
               "--output", "single"]
        self.cascade("sheet.yaml", "--set", "data.target.hurst=0.4", *few)
        report, found = results(self.place / "single")
        said = report["answer"]["text"]
        first = said.partition(". ")[0]
        self.assertTrue(first.startswith("With d and h measured, for 1-NN (alpha = "), said)
        self.assertIn("8-NN (alpha = ", first)
        for h in report["hypotheses"]:
            if h["settings"]["given"] == "measured" and h["id"] in ("2h/d", "4h/d"):
                self.assertRegex(first, rf"{h['id']} = {h['predicted']:.3g}[^,;]* (is|are) {h['group_verdict']}")
        self.assertIn("2h/d = ", first)
        self.assertIn("reads d = ", said)

    def test_plan(self):
        said = self.cascade("sheet.yaml", "--dry-run")
        self.assertIn("2048 points on sheet (d = 2) in R^12", said)
        self.assertFalse((self.place / "results").exists())
        self.assertIn("leave --resume out", self.cascade("sheet.yaml", "--resume", code=2))


if __name__ == "__main__":
    unittest.main()
