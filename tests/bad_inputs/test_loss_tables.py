"""Tables of losses that cannot be fitted: exit code 2 with file:line, or a clear word in the report; never a confident number."""
import json
import math
import os
import random
import subprocess
import sys
import tempfile

EXECUTABLE = os.environ["CASCADE_EXECUTABLE"]


def run(folder, rows, header="n,loss", extra="", name="table"):
    with open(os.path.join(folder, "table.csv"), "w", encoding="utf-8") as file:
        file.write("\n".join([header, *rows]) + "\n")
    with open(os.path.join(folder, "input.yaml"), "w", encoding="utf-8") as file:
        file.write("task: scaling_law\nstudy: loss_table\nloss_table:\n  file: table.csv\n  x: n\n  bootstrap: 0\n" + extra)
    return subprocess.run([EXECUTABLE, os.path.join(folder, "input.yaml"), "--force", "--output", os.path.join(folder, name)],
                          capture_output=True, text=True, check=False)


def rows_of(law, count=12):
    return [f"{10 ** (3 + 0.3 * i):.6g},{law(10 ** (3 + 0.3 * i)):.12g}" for i in range(count)]


def clean(x):
    return 1.5 + 30 * x ** -0.4


REFUSED = [  # what, rows, header, extra keys, words that must be said
    ("missing column", rows_of(clean), "n,los", "", ["table.csv:1", "no column 'loss'", "los"]),
    ("text in a number", [*rows_of(clean), "1e9,abc"], "n,loss", "", ["table.csv:14", "'abc' is not a finite number"]),
    ("NaN", [*rows_of(clean), "1e9,nan"], "n,loss", "", ["table.csv:14", "'nan'"]),
    ("negative loss", [*rows_of(clean), "1e9,-1"], "n,loss", "", ["table.csv:14", "not above zero"]),
    ("too few points", rows_of(clean, 4), "n,loss", "", ["4 points", "at least 5"]),
    ("all x equal", ["1000,2", "1000,2.1", "1000,2.2", "1000,2.3", "1000,2.4"], "n,loss", "", ["all are equal"]),
    ("all losses equal", rows_of(lambda x: 2.0), "n,loss", "", ["all losses are equal"]),
    ("three points", rows_of(clean, 3), "n,loss", "", ["3 points", "at least 5"]),
    ("three points, two parameters", rows_of(clean, 3), "n,loss", "  model: power\n", ["3 points", "at least 4"]),
    ("decimal commas", ["1000;2,5", "2000;2,4"], "n;loss", "", ["table.csv:2: loss", "'2,5'", "point"]),
    ("missing cell", [*rows_of(clean), "1e9"], "n,loss", "", ["table.csv:14", "1 cells, the header has 2"]),
    ("empty", [], "", "", ["table.csv:1", "empty"]),
    ("unknown objective", rows_of(clean), "n,loss", "  objectives: [huber]\n", ["input.yaml:7", "huber_log"]),
    ("no second variable", rows_of(clean), "n,loss", "  model: two_variables\n", ["loss_table.z", "missing"]),
    ("only a header", [], "n,loss", "", ["table.csv:1", "a header and nothing below it"]),
    ("inf without a way round", [*rows_of(clean), "1e9,inf"], "n,loss", "", ["table.csv:14", "missing: drop"]),
    ("losses named as x", rows_of(clean), "n,loss", "  loss: n\n", ["loss_table.x", "'n' is the column of the losses too"]),
    ("losses named as weights", rows_of(clean), "n,loss", "  weight: loss\n", ["loss_table.weight", "of the losses"]),
    ("a copy of x as loss", [f"{row.split(',')[0]},{row.split(',')[0]}" for row in rows_of(clean)], "n,loss", "",
     ["table.csv:1", "the same numbers as a resource"]),
    ("a weight of zero", ["1e3,3,0", *[row + ",1" for row in rows_of(clean)]], "n,loss,w", "  weight: w\n",
     ["table.csv:2: w", "not above zero"]),
    ("filter that keeps nothing", rows_of(clean), "n,loss", "  filters: [{column: n, at_least: 1e12}]\n", ["0 points"]),
]


def check_refused(folder):
    for what, rows, header, extra, words in REFUSED:
        done = run(folder, rows, header, extra)
        assert done.returncode == 2, (what, done.returncode, done.stderr)
        for word in words:
            assert word in done.stderr, (what, word, done.stderr)
        assert not os.path.exists(os.path.join(folder, "table", "report.json")), what


def check_shapes(folder):
    """The same numbers in files of every shape give the same answer."""
    points = [10 ** (20 + 0.5 * i) for i in range(14)]  # FLOP
    rows = [(f"{x:.6e}", f"{2 + 1e6 * float(f'{x:.6e}') ** -0.3:.15g}") for x in points]
    shapes = {"commas": "n,loss\n" + "".join(f"{x},{y}\n" for x, y in rows),
              "tabs": "n\tloss\n" + "".join(f"{x}\t{y}\n" for x, y in rows),
              "semicolons, CRLF": "loss;n\r\n" + "".join(f"{y};{x}\r\n" for x, y in rows),
              "numpy.savetxt": "# n loss\n" + "".join(f"{x} {y}\n" for x, y in rows),
              "numpy.savetxt, commas, two comments": "# made by hand\n# n,loss\n" + "".join(f"{x},{y}\n" for x, y in rows),
              "aligned blanks": "       n        loss\n" + "".join(f"  {x:>15}   {y:<22}\n" for x, y in rows),
              "tabs and blanks, CR": "n \t loss\r" + "".join(f"{x}\t{y}\r" for x, y in rows),
              "BOM, comments, quotes, spaces": "\ufeff# made by hand\n\n \"n\" , loss\n" + "".join(f'# next\n "{x}" ,  {y}  \n' for x, y in rows)}
    answers = []
    for name, text in shapes.items():
        run(folder, [])
        with open(os.path.join(folder, "table.csv"), "w", encoding="utf-8", newline="") as file:
            file.write(text)
        done = subprocess.run([EXECUTABLE, os.path.join(folder, "input.yaml"), "--force", "--output", os.path.join(folder, "table")],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, (name, done.stderr)
        answers.append([r["measured"]["value"] for r in report_of(folder)["results"]])
        assert answers[-1] == answers[0], (name, answers)
    assert abs(answers[0][0] - 0.3) < 1e-5, answers[0]  # six digits of x are in the files


def check_words(folder):
    """Tables that can be fitted, but not believed: the report says which way."""
    generator = random.Random(5)
    falling = [f"{x},{y}" for x, y in ((1e3, 3.0), (1e4, 2.6), (1e5, 2.35), (1e6, 2.2), (1e7, 2.12), (1e8, 2.08))]
    rising = rows_of(lambda x: 2 * x ** 0.05 * math.exp(0.001 * generator.gauss(0, 1)))
    for rows, extra, words in ((falling, "", "6 points for 3 parameters"),
                               (rising, "  model: power\n", "no amount of it halves"),
                               (rows_of(lambda x: 3 * math.exp(0.1 * generator.gauss(0, 1))), "", "not bounded by the data")):
        done = run(folder, rows, extra=extra)
        assert done.returncode == 0, done.stderr
        warnings = report_of(folder)["warnings"]
        assert any(words in w for w in warnings), (words, warnings)


def report_of(folder):
    with open(os.path.join(folder, "table", "report.json"), encoding="utf-8") as file:
        return json.load(file)


def check_said(folder):
    generator = random.Random(3)
    done = run(folder, rows_of(lambda x: 30 * x ** -0.4 * math.exp(0.05 * generator.gauss(0, 1))))
    assert done.returncode == 0, done.stderr
    report = report_of(folder)
    assert "not identified" in report["verdict"], report["verdict"]
    assert any("pedestal is not identified" in w for w in report["warnings"]), report["warnings"]
    done = run(folder, rows_of(clean))
    assert done.returncode == 0, done.stderr
    alpha = next(r for r in report_of(folder)["results"] if r["id"] == "least_squares/alpha")
    assert abs(alpha["measured"]["value"] - 0.4) < 1e-6, alpha  # twelve digits of the losses are in the file
    missing = subprocess.run([EXECUTABLE, os.path.join(folder, "input.yaml"), "--set", "loss_table.file=none.csv", "--dry-run"],
                             capture_output=True, text=True, check=False)
    assert missing.returncode == 2 and "none.csv: no such file" in missing.stderr, missing.stderr


def main():
    with tempfile.TemporaryDirectory() as folder:
        check_refused(folder)
        check_said(folder)
        check_shapes(folder)
        check_words(folder)
    print(f"{len(REFUSED)} tables refused")
    return 0


if __name__ == "__main__":
    sys.exit(main())
