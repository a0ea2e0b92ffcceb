"""Turn the results of a cascade run into one self-contained page, or export one of its figures.

    cascade-report DIR                         writes DIR/report.html
    cascade-report DIR -o FILE.html            writes it elsewhere
    cascade-report --figure NAME DIR -o F.png  one figure (png, svg or pdf, by the name's ending)

Reads DIR/report.json and DIR/results.h5 only; nothing is measured again.
Exit codes: 0 done, 2 wrong command line, missing input or missing Python module, 4 the result is not what
the run wrote (checksums.sha256), or the page could not be written.
"""
import argparse
import os
import sys

from .. import modules


def fail(message, code=2):
    print(f"{os.path.basename(sys.argv[0])}: {message}", file=sys.stderr)
    sys.exit(code)


def require_modules():
    lacking = modules.missing("numpy", "h5py", "matplotlib", "jinja2")
    if lacking:
        fail(f"{modules.advice(lacking)} {sys.argv[0]}")
    import matplotlib
    matplotlib.use("Agg")  # files alone are drawn here: no display is looked for


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", metavar="DIR", help="output directory of a run (holds report.json, results.h5)")
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write (default DIR/report.html)")
    parser.add_argument("--figure", metavar="NAME",
                        help="export one figure instead of the page; NAME 'list' lists them")
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
    from ..report import figures
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
    from ..report import checksums, data
    try:
        report = data.load(options.directory)
    except data.Damaged as error:
        fail(str(error), 4)
    except data.Unreadable as error:
        fail(str(error))
    if unchecked := checksums.missing(report.directory):
        print(f"{os.path.basename(sys.argv[0])}: {unchecked}", file=sys.stderr)
    if options.figure:
        export_figure(report, options.figure, options.output)
        return
    from ..report import page
    output = options.output or os.path.join(options.directory, "report.html")
    text = page.render(report, output)

    def write(path):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    write_whole(output, write)
    print(output)
