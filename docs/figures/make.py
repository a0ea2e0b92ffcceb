#!/usr/bin/env python3
"""Draws the pictures of the documentation anew, and writes down what they were drawn from.  ./dev figures [NAME...]

    make.py PROGRAM WORK [NAME...]     runs the inputs of these pictures (all) with PROGRAM in the folder WORK

For each picture the whole input is run, and its picture drawn; then the same input shrunken (--check), of which
drawn.json keeps what the figure shows. tests/postprocess/test_docs_figures.py looks at the shrunken input's result of
today, and says which picture no longer is what would be drawn. A result that is in WORK already is taken as it is where the program and the input are the same.
"""
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RECORD = HERE / "drawn.json"
#: picture -> (input, figure of the page)
PICTURES = {
    "exponents.png": ("beta_d2.8", "answer"),
    "campaign.png": ("campaign_4h_over_d", "h_over_d"),
    "high_dimension.png": ("campaign_high_dimension", "dimension"),
    "alpha_of_q.png": ("multifractal_alpha", "alpha_of_q"),
    "learners.png": ("campaign_learners", "alpha_against_h_over_d"),
}


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def source_of(name):
    return ROOT / "inputs" / f"{PICTURES[name][0]}.yaml"


def said_by_input(name):
    """Checksum of what the input says; comments and blanks do not count."""
    lines = (
        re.sub(r"(^|\s)#.*$", "", line).rstrip() for line in source_of(name).read_text(encoding="utf-8").splitlines()
    )
    return hashlib.sha256("\n".join(line for line in lines if line).encode()).hexdigest()


sys.path.insert(0, str(ROOT / "postprocess"))


def shown_by(folder, name):
    """What the figure of this picture shows of the result in that folder."""
    from cascade.report import data, drawn, figures

    made = figures.draw(data.load(str(folder)), PICTURES[name][1])
    return drawn.described(made.figure)


def answer_in(folder):
    """The plain answer of that result."""
    answer = json.loads((Path(folder) / "report.json").read_text(encoding="utf-8")).get("answer") or {}
    return answer.get("text") or ""


def run(program, name, folder, *options):
    mark = folder / "drawn_from"
    key = sha256(program) + said_by_input(name)
    if mark.exists() and mark.read_text(encoding="utf-8") == key and (folder / "report.json").exists():
        return
    launcher = [os.environ.get("CASCADE_MPIRUN", "mpirun"), "-q", "-n", str(os.cpu_count() or 1)]
    done = subprocess.run(
        [*launcher, program, str(source_of(name)), "--output", str(folder), "--force", "--quiet", *options],
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        sys.exit(f"make.py: {source_of(name)} ended with code {done.returncode}; no picture is drawn from it")
    mark.write_text(key, encoding="utf-8")


def make(program, work, name):
    whole, small = work / PICTURES[name][0], work / (PICTURES[name][0] + ".check")
    run(program, name, whole)
    run(program, name, small, "--check")
    subprocess.run(
        [
            sys.executable,
            "-B",
            str(ROOT / "postprocess" / "report.py"),
            "--figure",
            PICTURES[name][1],
            str(whole),
            "-o",
            str(HERE / name),
        ],
        check=True,
    )
    return {
        "input": said_by_input(name),
        "picture": sha256(HERE / name),
        "answer": answer_in(whole),
        "small": shown_by(small, name),
    }


def as_found(name):
    """Of a picture that is older than this command: it may not change, nor its input, before it is drawn anew."""
    return {"input": said_by_input(name), "picture": sha256(HERE / name), "answer": "", "small": None}


def text_of(record):
    """One line a list of numbers."""
    text = json.dumps(record, indent=1, ensure_ascii=False)
    return re.sub(r"\[[-\d.,\se+nul]*\]", lambda match: re.sub(r"\s+", "", match[0]), text) + "\n"


def main():
    program, work, *names = sys.argv[1:]
    unknown = [name for name in names if name not in PICTURES]
    if unknown:
        sys.exit(f"make.py: there is no picture '{unknown[0]}'; there are {', '.join(PICTURES)}")
    record = {name: as_found(name) for name in PICTURES if (HERE / name).exists()}
    record.update(json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {})
    Path(work).mkdir(parents=True, exist_ok=True)
    for name in names or PICTURES:
        record[name] = make(os.path.abspath(program), Path(work).resolve(), name)
        RECORD.write_text(text_of(record), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
