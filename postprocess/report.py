#!/usr/bin/env python3
"""Turn the results of a cascade run into one self-contained page, or export one of its figures.

    report.py DIR                         writes DIR/report.html
    report.py DIR -o FILE.html            writes it elsewhere
    report.py --figure NAME DIR -o F.png  one figure (png, svg or pdf, by the name's ending)

Reads DIR/report.json and DIR/results.h5 only; nothing is measured again.
Exit codes: 0 done, 2 wrong command line, missing input or missing Python module, 4 the result is not what
the run wrote (checksums.sha256), or the page could not be written.
"""
import argparse
import importlib.util
import os
import sys

PACKAGES = {"numpy": "python3-numpy", "h5py": "python3-h5py", "matplotlib": "python3-matplotlib",
            "jinja2": "python3-jinja2"}


def fail(message, code=2):
    print(f"report.py: {message}", file=sys.stderr)
    sys.exit(code)


def require_modules():
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        fail(f"Python module{'s' if len(missing) > 1 else ''} missing in {sys.executable}: {', '.join(missing)}.\n"
             f"  Debian, Ubuntu: apt-get install {' '.join(PACKAGES[name] for name in missing)}\n"
             f"  elsewhere:      python3 -m pip install {' '.join(missing)}\n"
             "  Installed already? Then another python3 comes first on PATH: try /usr/bin/python3 " + sys.argv[0])


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", metavar="DIR", help="output directory of a run (holds report.json, results.h5)")
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write (default DIR/report.html)")
    parser.add_argument("--figure", metavar="NAME", help="export one figure instead of the page; NAME 'list' lists them")
    return parser.parse_args(arguments)


def write_whole(path, write):
    """Calls write(temporary name), then gives the file its name: a full disk leaves no half page."""
    temporary = os.path.join(os.path.dirname(path) or ".", f".{os.getpid()}.{os.path.basename(path)}")
    try:
        write(temporary)
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        try:
            os.unlink(temporary)
        except OSError:
            pass
        fail(f"{path}: cannot write: {error.strerror or error}", 4)


def export_figure(report, name, output):
    from cascade.report import figures
    if name == "list":
        for each in figures.available(report):
            print(f"{each:12} {figures.entries(report)[each].title}")
        return
    known = figures.entries(report)
    if name not in known:
        fail(f"no figure is called '{name}'; choose one of {', '.join(known)}")
    if output is None:
        fail("--figure needs -o FILE (.png, .svg or .pdf)")
    ending = os.path.splitext(output)[1].lstrip(".").lower()
    if ending not in ("png", "svg", "pdf"):
        fail(f"{output}: a figure is written as .png, .svg or .pdf")
    drawn = figures.draw(report, name)
    if drawn is None:
        fail(f"this run has nothing to show in figure '{name}'; it has {', '.join(figures.available(report))}")
    write_whole(output, lambda path: drawn.figure.savefig(path, format=ending, dpi=160))
    print(output)


def main(arguments=None):
    options = parse(arguments)
    require_modules()
    from cascade.report import data
    try:
        report = data.load(options.directory)
    except data.Damaged as error:
        fail(str(error), 4)
    except data.Unreadable as error:
        fail(str(error))
    if options.figure:
        export_figure(report, options.figure, options.output)
        return
    from cascade.report import page
    output = options.output or os.path.join(options.directory, "report.html")
    text = page.render(report, output)

    def write(path):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    write_whole(output, write)
    print(output)


if __name__ == "__main__":
    main()
