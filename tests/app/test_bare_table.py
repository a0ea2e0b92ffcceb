"""A bare table of training runs: cascade losses.csv."""

import json
import math
import random
import sys
import unittest

from program import Program


def law(n, d):
    return 1.8 + 400 / n**0.34 + 2000 / d**0.37


def rows(noise=0.005, seed=1, header="params,tokens,loss", more=lambda n, d: []):
    draw = random.Random(seed)
    lines = [header]
    for i in range(8):
        for j in range(6):
            n, d = 4e7 * 2**i, 1e9 * 2 ** (1.3 * j)
            cells = [f"{n:.6g}", f"{d:.6g}", *more(n, d), f"{law(n, d) * math.exp(draw.gauss(0, noise)):.9g}"]
            lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


class BareTable(Program):
    FAST = ("--set", "compute_optimal.bootstrap=60")

    def table(self, text, name="losses.csv"):
        (self.place / name).write_text(text, encoding="utf-8")
        return name

    def answer(self, *arguments, output="out"):
        said = self.cascade(*arguments, *self.FAST, "--force", "--output", output)
        return said, json.loads((self.place / output / "report.json").read_text(encoding="utf-8"))

    @staticmethod
    def value(report, result):
        return next(r for r in report["results"] if r["id"] == result)["measured"]["value"]

    def refused(self, text, *words, options=(), name="losses.csv"):
        said = self.cascade(self.table(text, name), *options, *self.FAST, "--force", "--output", "refused", code=2)
        for word in words:
            self.assertIn(word, said)

    def test_the_answer_comes_from_the_table_alone(self):
        said, report = self.answer(self.table(rows()))
        for word in ("params", "--params", "--tokens", "--loss", "What should be trained next?", "GPU hours"):
            self.assertIn(word, said)
        self.assertAlmostEqual(self.value(report, "law/alpha"), 0.34, delta=0.05)
        self.no_digit_beyond_its_interval(report)
        self.assertTrue((self.place / "out" / "input.yaml").exists())
        _, again = self.answer("out/input.yaml", output="again")
        for result in ("law/alpha", "law/E", "target1/N", "target1/loss"):
            self.assertEqual(self.value(report, result), self.value(again, result))

    def no_digit_beyond_its_interval(self, report):
        """Values end at the place at which their interval ends, in the tables of the page and in report.md."""
        compared = 0
        tables = {t["title"]: t for t in report["scaling"]["tables"]}
        for title in ("The law", "Numbers of the other laws"):
            at = tables[title]["columns"].index("value")
            for row in tables[title]["rows"]:
                ends = row[at + 1].split(" to ")
                if len(ends) < 2 or "inf" in ends or "e" in row[at]:
                    self.assertLess(len(row[at].partition("e")[0].strip("-0.").replace(".", "")), 7, row)
                    continue
                self.assertEqual(*(len(text.partition(".")[2]) for text in (row[at], ends[0])), row)
                compared += 1
        self.assertGreater(compared, 10)
        text = (self.place / "out" / "report.md").read_text(encoding="utf-8")
        self.assertNotRegex(text, r"(?<![\w.+-])([1-9]\d*\.\d{6,}|0\.[1-9]\d{6,})")

    def test_names_units_and_flags(self):
        def cell(number):
            return f"{number / 1e6:.8g}M"

        lines = rows().splitlines()
        other = ["Model Size;seen;train_loss;val_loss"]
        for line in lines[1:]:
            n, d, loss = line.split(",")
            other.append(f"{cell(float(n))};{cell(float(d))};9;{loss}")
        name = self.table("\n".join(other) + "\n")
        said, report = self.answer(name, "--tokens", "seen", output="named")
        self.assertIn("validation loss", said)
        _, plain = self.answer(self.table(rows()), output="plain")
        self.assertAlmostEqual(self.value(report, "law/alpha") / self.value(plain, "law/alpha"), 1, delta=1e-4)

    def test_targets(self):
        _, report = self.answer(self.table(rows()), "--target", "1e22", "--target", "N=7B,D=2T", "--target", "loss=2.2",
                                "--gpu", "A100", "--price", "2")
        self.assertAlmostEqual(self.value(report, "target3/loss"), 2.2, delta=1e-6)
        self.assertAlmostEqual(self.value(report, "target2/C") / (6 * 7e9 * 2e12), 1, delta=1e-9)
        compute = 6 * self.value(report, "target1/N") * self.value(report, "target1/D")
        self.assertAlmostEqual(compute / 1e22, 1, delta=1e-9)

    def test_a_compute_that_is_not_6nd_is_said(self):
        text = rows(header="params,tokens,flops,loss", more=lambda n, d: [f"{9 * n * d:.6g}"])
        said, _ = self.answer(self.table(text))
        self.assertIn("C/(6 N D) is 1.5", said)

    def test_a_series_with_named_columns_is_a_series(self):
        walk = [0.0]
        for i in range(63):
            walk.append(walk[-1] + math.sin(1.7 * i * i))
        text = "t,u\n" + "".join(f"{0.1 * i:.6g},{u!r}\n" for i, u in enumerate(walk))
        said = self.cascade(self.table(text), "--dry-run")
        self.assertIn("read as a series", said)
        self.assertIn("--loss COLUMN", said)
        self.assertIn("64^1 points", said)
        self.refused(text, "is not above zero", options=("--loss", "u"))
        self.refused(text.replace("t,u", "t,loss"), "is not above zero")
        self.refused(text.replace("t,u", "tokens,u"), "no column looks like a loss")

    def test_refusals_name_what_is_wrong(self):
        good = rows()
        self.refused(good.replace("loss", "quality"), "no column looks like a loss", "params, tokens, quality")
        self.refused(good.replace("params,", "n,").replace("tokens", "parameters"), "which column holds the params",
                     "n, parameters", "--params")
        lines = good.splitlines()
        self.refused("\n".join([*lines, "1.4B,2e9,2.5", "300,2e9,3"]) + "\n", "mixed units", "1.4B", "300")
        self.refused("\n".join([*lines, "1e9,2e9,35%"]) + "\n", "percentage")
        self.refused("\n".join([*lines, '1e9,2e9,"2,351"']) + "\n", "comma")
        self.refused("\n".join([*lines, "1e9,2e9,abc"]) + "\n", "losses.csv:50", "'abc' is not a number")
        self.refused("\n".join(lines[:5]) + "\n", "4 points", "at least")
        self.refused("1,2,3\n4,5,6\n7,8,9\n", "a table is read as one series")
        self.refused("params,tokens,loss\n", "a header and nothing below it")
        cells = [line.split(",") for line in lines[1:]]
        halves = [lines[0]]
        for i, (n, d, loss) in enumerate(cells):
            halves.append(f"{float(n) / (1e6 if i % 2 else 1):.6g},{d},{loss}")
        self.refused("\n".join(halves) + "\n", "mixed units?", "none between")
        short = [f"{float(n) / 1e9:.3g},{d},{loss}" for n, d, loss in cells]
        self.refused("\n".join([lines[0], *short]) + "\n", "in millions or billions")
        self.refused("\n".join([lines[0] + ",accuracy", *(line + ",48.1" for line in lines[1:])]) + "\n",
                     "is it a percentage?", "compute_optimal.error=none")
        self.refused(good.replace("loss", "perplexity"), "no column looks like a loss", "its logarithm is")
        one = [",".join(["1.4B", *line.split(",")[1:]]) for line in lines[1:]]
        self.refused("\n".join([lines[0], *one]) + "\n", "all 48 rows have N = 1.4e+09", "--params none --compute none")
        two = [",".join([n, "2e9" if i % 2 else "4e9", loss]) for i, (n, d, loss) in enumerate(cells)]
        self.refused("\n".join([lines[0], *two]) + "\n", "all 48 rows have D = 2e+09 or 4e+09", "at least three",
                     "--tokens none --compute none")
        self.refused(good, "no column 'size'", options=("--params", "size"))
        self.refused(good, "no target", options=("--target", "big"))
        self.cascade("none.csv", code=2)

    def test_thousands_and_duplicates_are_said(self):
        lines = rows().splitlines()
        text = "\n".join([*lines, lines[-1], '"1,400,000,000",2e10,2.31']) + "\n"
        said, _ = self.answer(self.table(text))
        self.assertIn("separators of thousands", said)
        self.assertIn("repeat the numbers", said)

    def test_unfinished_decays_are_refused_unless_told(self):
        text = rows(header="params,tokens,cosine_tokens,loss",
                    more=lambda n, d: [f"{d * (2 if n < 1e8 else 1):.6g}"])
        self.refused(text, "before the end of their decay", "--set compute_optimal.allow_unfinished=true")
        self.answer(self.table(text), "--set", "compute_optimal.allow_unfinished=true")

    def test_numbers_that_are_held(self):
        self.table(rows())

        def held(*numbers, code=0):
            section = "".join(f"    - {{law: {law}, number: {name}, value: {value}}}\n" for law, name, value in numbers)
            (self.place / "held.yaml").write_text(
                "task: scaling_law\nstudy: compute_optimal\ncompute_optimal:\n  file: losses.csv\n"
                "  laws: [two_variables, compute]\n  hold:\n" + section, encoding="utf-8")
            return self.cascade("held.yaml", *self.FAST, "--force", "--output", "held", code=code)

        said = held(("two_variables", "alpha", 0.34), ("two_variables", "E", 1.8), ("compute", "alpha", 0.18))
        self.assertIn("with numbers held it is in the table of laws", " ".join(said.split()))
        report = json.loads((self.place / "held/report.json").read_text(encoding="utf-8"))
        numbers = next(t for t in report["scaling"]["tables"] if t["title"] == "Numbers of the other laws")["rows"]
        shown = {(row[0], row[1]): row[2:4] for row in numbers}
        self.assertEqual(shown["two_variables", "alpha"], ["0.34", "held"])  # was left out with all numbers of that law
        self.assertEqual(shown["two_variables", "E"][1], "held")
        self.assertAlmostEqual(float(shown["two_variables", "beta"][0]), 0.37, delta=0.02)
        self.assertEqual(shown["compute", "alpha"], ["0.18", "held"])
        for number, why in ((("two_variables", "gamma", 1), "no number 'gamma' to hold; it has alpha"),
                            (("two_variables", "E", -1), "cannot be held at -1"),
                            (("repeated", "R_D", 15), "law repeated is not fitted to this table"),
                            (("compute", "alpha", 0.5), "is held above")):
            self.assertIn(why, " ".join(held(("compute", "alpha", 0.18), number, code=2).split()))

    def test_the_same_bits_on_other_ranks(self):
        name = self.table(rows())
        _, one = self.answer(name, output="ranks1")
        self.cascade(name, *self.FAST, "--force", "--output", "ranks3", ranks=3)
        three = json.loads((self.place / "ranks3" / "report.json").read_text(encoding="utf-8"))
        self.assertEqual(one["results"], three["results"])
        self.assertEqual(one["scaling"], three["scaling"])

    def test_what_is_not_identified_gets_no_narrow_band(self):
        """Twenty tokens a parameter throughout: the two terms are one, and no sentence may pretend otherwise."""
        draw = random.Random(5)
        lines = ["params,tokens,loss"]
        for i in range(30):
            n = 4e7 * 250 ** (i / 29)
            d = 20 * n * math.exp(draw.gauss(0, 0.03))
            lines.append(f"{n:.6g},{d:.6g},{law(n, d) * math.exp(draw.gauss(0, 0.02)):.6g}")
        said, report = self.answer(self.table("\n".join(lines) + "\n"))
        self.assertNotIn("nan", said)
        self.assertIn("D/N hardly varies", said)
        words = " ".join(said.split())
        self.assertTrue("does not identify the best size" in words or "there is no best size" in words, said)
        self.assertNotIn("agree within", words)
        measured = next(r for r in report["results"] if r["id"] == "parametric/a")["measured"]
        interval = measured["interval95"]
        self.assertTrue(interval[0] is None or interval[1] - interval[0] > 0.5, interval)

    def test_one_ratio_of_tokens_to_parameters_is_a_law_of_compute(self):
        """Exactly twenty tokens a parameter: log A was -917, the best size 0, and d = 2e265."""
        draw = random.Random(4)
        lines = ["model size (M),tokens (B),loss"]
        for i in range(20):
            n = 4e7 * 1.3**i
            lines.append(f"{n / 1e6:.9g},{20 * n / 1e9:.9g},{law(n, 20 * n) * math.exp(draw.gauss(0, 0.004)):.6g}")
        name = self.table("\n".join(lines) + "\n")
        targets = ("--target", "1e23", "--target", "N=7B,D=140B", "--target", "loss=2.1", "--target", "N=7B,D=1T")
        said, report = self.answer(name, *targets)
        words = " ".join(said.split())
        for word in ("D/N of the table, 20", "does not identify the best size", "D/N does not vary", "its name says that "
                     "one is 1e+06"):
            self.assertIn(word, words)
        self.assertAlmostEqual(self.value(report, "target1/N") / math.sqrt(1e23 / 120), 1, delta=1e-6)
        self.assertAlmostEqual(self.value(report, "target1/loss"), law(math.sqrt(1e23 / 120), math.sqrt(1e23 / 0.3)),
                               delta=0.03)
        self.assertAlmostEqual(self.value(report, "target2/C") / (6 * 7e9 * 140e9), 1, delta=1e-6)
        self.assertAlmostEqual(self.value(report, "target3/loss"), 2.1, delta=1e-9)
        self.assertFalse([r for r in report["results"] if r["id"].startswith("target4/")])  # of another ratio
        _, again = self.answer("out/input.yaml", output="again")
        self.assertEqual(report["results"], again["results"])

    def test_runs_that_diverged_are_named(self):
        lines = rows().splitlines()
        said, _ = self.answer(self.table("\n".join([*lines[:20], "1e8,1e9,1e8", "1e9,4e9,10.9", *lines[20:]]) + "\n"))
        words = " ".join(said.split())
        for word in ("2 losses lie far above the law", "line 21: 1e+08", "line 22: 10.9", "drop_highest=2"):
            self.assertIn(word, words)

    def test_a_law_that_describes_the_rows_better_is_named(self):
        draw = random.Random(9)
        lines = ["examples,test_loss"]
        for i in range(20):
            x = 10 ** (6 + 0.2 * i)
            loss = 0.4 + 5 * (x / 1e6) ** -0.1 * (1 + (x / 1e8) ** 2) ** -0.3
            lines.append(f"{x:.6g},{loss * math.exp(draw.gauss(0, 0.002)):.6g}")
        said, _ = self.answer(self.table("\n".join(lines) + "\n"), "--set", "compute_optimal.laws=[pedestal, broken]")
        self.assertIn("Law broken describes these rows better than this one", " ".join(said.split()))

    def test_losses_against_compute_answer_a_target(self):
        lines = ["compute,loss"]
        for i in range(20):
            lines.append(f"{10 ** (18 + i / 4):.6g},{1.7 + 1.2 * 10 ** (-0.15 * i / 4):.9g}")
        said, _ = self.answer(self.table("\n".join(lines) + "\n"), "--target", "1e24",
                              "--set", "compute_optimal.laws=[pedestal, tied, error]")
        self.assertIn(f"loss {1.7 + 1.2 * 10 ** -0.9:.4g}", " ".join(said.split()))
        self.assertIn("no amount of it", " ".join(said.split()))
        page = (self.place / "out/report.md").read_text(encoding="utf-8")
        for why in ("a law of two resources, and this table has one", "needs more than six rows with an error"):
            self.assertIn(f"not fitted: {why}", page)  # asked for by name: not left out in silence

    def test_losses_that_grow_have_no_best_use(self):
        lines = rows(noise=0.003).splitlines()
        turned = [f"{n},{d},{5 - float(loss):.6g}" for n, d, loss in (line.split(",") for line in lines[1::5])]
        said, _ = self.answer(self.table("\n".join([lines[0], *turned]) + "\n"), "--set",
                              "compute_optimal.objective=least_squares_log", "--set", "compute_optimal.laws=[tied]")
        self.assertIn("there is no best size", " ".join(said.split()))
        self.assertNotIn("nan", said)  # "D/N changes by nan"
        self.assertNotIn("d = -", said)

    def test_a_sigmoid_without_a_lower_end_is_refused(self):
        draw = random.Random(8)
        lines = ["compute,loss,error"]
        for i in range(12):
            loss = 1.7 + 2 * 10 ** (-0.08 * i)
            error = (0.85 - 2.5 * math.exp(-0.8 * loss)) * math.exp(draw.gauss(0, 0.005))
            lines.append(f"{10 ** (18 + i / 4):.6g},{loss:.6g},{error:.6g}")
        self.answer(self.table("\n".join(lines) + "\n"), "--set",
                    "compute_optimal.laws=[pedestal, error, error_sigmoid]")
        page = (self.place / "out/report.md").read_text(encoding="utf-8")
        self.assertIn("no error is below zero, so these rows do not show one", page)
        self.assertIn("| error | gamma |", page)

    def test_rows_of_stated_errors_weigh_in_every_law(self):
        draw = random.Random(3)
        lines = ["params,tokens,loss,loss_sd"]
        for i in range(8):
            for j in range(6):
                n, d, sd = 4e7 * 2**i, 1e9 * 2 ** (1.3 * j), 0.002 if (i + j) % 2 else 0.05
                lines.append(f"{n:.6g},{d:.6g},{law(n, d) + draw.gauss(0, sd):.9g},{sd}")
        _, report = self.answer(self.table("\n".join(lines) + "\n"))
        main = self.value(report, "law/objective")
        self.assertAlmostEqual(self.value(report, "laws/two_variables/objective"), main, delta=1e-6 * main)
        self.assertAlmostEqual(self.value(report, "law/alpha"), 0.34, delta=0.01)

    def test_every_refused_budget_is_said(self):
        lines = ["params,tokens,loss"]  # budgets of four sizes, all far below the best
        for budget in range(5):
            for size in range(4):
                compute, n = 1e21 * 10**budget, 1e8 * 1.2**size
                d = compute / (6 * n)
                lines.append(f"{n:.8g},{d:.8g},{law(n, d):.9g}")
        said, _ = self.answer(self.table("\n".join(lines) + "\n"))
        self.assertIn("every isoFLOP budget is refused", said)


if __name__ == "__main__":
    sys.exit(unittest.main())
