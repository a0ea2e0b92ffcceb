"""Results of several runs beside each other: the same exponents, how far apart in sigmas (errors taken as
independent), and what differs in the inputs. Everything is compared with the first. One curve of all of them, or of a
run and a published table (columns x, y and perhaps the error of y), in one figure for a paper: --figure.

    cascade-compare results/a results/b [results/c ...] [--figure both.pdf]
    cascade-compare results/a published.csv --curve grid/zeta/p2 --figure figure.pdf --figure figure.svg

Exit codes: 0 every exponent they have in common agrees, 1 one or more are further apart than --sigmas, or nothing
could be compared, 2 wrong command line, no result, or a missing Python module, 4 a result is not what its run wrote.
"""
import argparse
import json
import math
import os
import sys

from .. import modules


def fail(message, code=2):
    print(f"{os.path.basename(sys.argv[0])}: {message}", file=sys.stderr)
    sys.exit(code)


def sigmas(text):
    value = float(text)
    if not (math.isfinite(value) and value > 0):
        raise argparse.ArgumentTypeError(f"{text}: expected a positive number, such as 5")
    return value


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directories", metavar="DIR", nargs="+",
                        help="output folders of runs, or of campaigns, two or more; or one run and tables of "
                             "published curves (.csv, .txt, .dat)")
    parser.add_argument("--figure", action="append", default=[], metavar="FILE",
                        help="draw one curve of all of them over one another: .pdf, .svg or .png; may be repeated")
    parser.add_argument("--curve", metavar="ID",
                        help="id of the result whose curve it is, such as grid/zeta/p2 (default: one they share)")
    parser.add_argument("--sigmas", type=sigmas, default=5.0, metavar="S",
                        help="what is further apart than this differs (default 5, where verdicts reject)")
    parser.add_argument("--all", action="store_true", help="show what agrees as well when there are many")
    return parser.parse_args(arguments)


def shown(value, error):
    """Value and error, the error to two digits."""
    if not math.isfinite(value):
        return "-"
    if not (math.isfinite(error) and error > 0):
        return f"{value:.6g}"
    digits = max(0, 1 - math.floor(math.log10(error)))
    return f"{value:.{digits}f} +- {error:.{digits}f}" if digits < 12 else f"{value:.6g} +- {error:.2g}"


def columns(rows):
    """Lines of a table whose columns stand below each other."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]


def plain(value):
    """A setting of others as one line."""
    text = value if isinstance(value, str) else json.dumps(value)
    return "".join(c if c.isprintable() else "?" for c in text)[:60]


def print_rows(comparison, everything):
    rows = sorted(comparison.rows, key=lambda row: -(row.furthest() if row.furthest() is not None else -1))
    most = len(rows) if everything else 40
    table = [["", *comparison.names, "sigmas"]]
    for row in rows[:most]:
        cells = [shown(value, error) for value, error in zip(row.values, row.errors)]
        apart = ", ".join("-" if s is None else f"{s:+.1f}" for s in row.sigmas)
        far = row.furthest() is not None and row.furthest() > comparison.sigmas
        notes = "".join(f"  ({note})" for note in row.notes)
        table.append([row.what, *cells, apart + ("  differs" if far else "") + notes])
    print("\n".join(columns(table)))
    if len(rows) > most:
        print(f"... and {len(rows) - most} more that are closer: --all shows them")


def print_differences(title, found, names):
    if not found:
        print(f"\n{title}: no difference")
        return
    print(f"\n{title}:")
    print("\n".join(columns([["", *names], *([key, *map(plain, values)] for key, values in found.items())])))


def is_table(name):
    return name.lower().endswith((".csv", ".txt", ".dat", ".tsv")) and not os.path.isdir(name)


def overlaid(options):
    """The curves of all arguments, the runs' first, and what the figure is of."""
    from .. import overlay
    from ..comparison import unlike
    from ..loading import load
    tables = [name for name in options.directories if is_table(name)]
    runs = [load(name) for name in options.directories if not is_table(name)]
    if not runs or any(not hasattr(run, "results") for run in runs):
        raise ValueError("compare: a figure is made of at least one run, and of no campaign")
    identity = overlay.choose([run.results for run in runs], options.curve)
    names = unlike([run.directory for run in runs])
    return [*(overlay.of_result(run[identity], name) for run, name in zip(runs, names)),
            *map(overlay.published, tables)], identity


def draw(options):
    """The figures asked for, and the distance of every curve from the first. Returns the largest root mean square."""
    from .. import overlay
    series, identity = overlaid(options)
    furthest = None
    for each in series[1:]:
        apart = overlay.distance(series[0], each)
        if not len(apart.x):
            print(f"{each.name}: no point of it lies in the range of {series[0].name}")
        elif math.isfinite(apart.rms):
            furthest = max(furthest or 0, apart.rms)
            print(f"{identity}: {each.name} is {apart.rms:.2f} sigmas from {series[0].name} (root mean square of "
                  f"{len(apart.x)} points; the furthest {apart.furthest:.1f})")
        else:
            print(f"{identity}: {each.name} is {100 * math.sqrt((apart.difference ** 2).mean()):.2g}% from "
                  f"{series[0].name} (root mean square of {len(apart.x)} points; no errors are known)")
    for name in options.figure:
        overlay.figure(series, identity).savefig(name, metadata={"Date": None} if name.endswith(".svg") else
                                                 {"CreationDate": None} if name.endswith(".pdf") else None)
        print(f"{name}: {', '.join(each.name for each in series)}")
    return furthest


def main(arguments=None):
    options = parse(arguments)
    wanted = ("numpy", "h5py", "matplotlib") if options.figure else ("numpy", "h5py")
    lacking = modules.missing(*wanted)
    if lacking:
        fail(f"{modules.advice(lacking)} {sys.argv[0]}")
    for name in options.figure:
        if not name.lower().endswith((".pdf", ".svg", ".png")):
            fail(f"--figure {name}: expected a name that ends in .pdf, .svg or .png")
    from ..comparison import compare
    from ..report import data
    try:
        if any(map(is_table, options.directories)):
            furthest = draw(options)
            return 0 if furthest is not None and furthest <= options.sigmas else 1
        comparison = compare(*options.directories, sigmas=options.sigmas)
        if options.figure or options.curve:
            draw(options)
    except data.Damaged as error:
        fail(str(error), 4)
    except (data.Unreadable, ValueError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    if comparison.rows:
        print_rows(comparison, options.all)
    print_differences("Inputs", comparison.inputs, comparison.names)
    print_differences("Programs", comparison.programs, comparison.names)
    if comparison.only:
        print(f"\nNot in the first and another alike: {', '.join(list(comparison.only)[:12])}"
              + (f" and {len(comparison.only) - 12} more" if len(comparison.only) > 12 else ""))
    print()
    for note in comparison.notes:
        print(note)
    if comparison.furthest is not None:
        said = "They agree" if comparison.agree else "They differ"
        print(f"{said}: the furthest of {len(comparison.rows)} exponents are {comparison.furthest:.1f} sigmas "
              f"apart (more than {comparison.sigmas:g} counts as different).")
    return 0 if comparison.agree else 1
