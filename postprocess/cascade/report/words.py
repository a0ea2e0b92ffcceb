"""Numbers, formulas and settings as a reader wants to see them."""
import math
import re

import markupsafe

from . import numbers

DASH = "–"
PLUS_MINUS = " ± "
FORMULAS = {"zeta_q/D": "ζ_q/D", "zeta_q/d": "ζ_q/d", "q*h/d": "q h/d", "q*h/D": "q h/D"}
#: settings whose words setting() knows; of others it says name and value
SETTINGS = ("partition", "average", "loss_power", "degree", "component", "set")
#: words of settings as the literature writes them; of others underscores become spaces
WRITTEN = {"two_nn": "TwoNN", "two_nn_ml": "TwoNN (maximum likelihood)", "mle": "Levina-Bickel", "gride": "Gride"}
#: verdict -> (symbol, class of the style sheet)
VERDICTS = {
    "supported": ("✓", "yes"),
    "agrees": ("✓", "yes"),
    "rejected": ("✗", "no"),
    "undecided": ("?", "open"),
    "not distinguishable": ("≈", "same"),
    "near saturation": ("~", "near"),
}
#: χ²/dof above which a fit is said to miss its points, where no p-value says so
LARGE_CHI2, SMALL_P = 3, 0.01
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def known(x):
    return x is not None and math.isfinite(x)


def printed(text):
    """A number of numbers.py in the letters of print: 4.2×10⁻⁵, minus signs, a dash where nothing is known."""
    if text == "-":
        return DASH
    text = re.sub(r"(?<=[\d)])e(-?\d+)", lambda match: "×10" + str(int(match[1])).translate(SUPERSCRIPTS), text)
    return re.sub(r"-(?=[\d(i])", "−", text)


def number(x, digits=4):
    return printed(numbers.number_text(x if known(x) else None, digits))


def signed(x):
    """A z: one decimal, none from a hundred on, no more than that it is beyond a thousand."""
    if not known(x):
        return DASH
    if abs(x) > 1000:
        return ("> " if x > 0 else "< −") + "1000"
    return printed(f"{x:+.{0 if abs(x) >= 100 else 1}f}")


def with_error(x, error):
    """0.1905 ± 0.0021: the error with two significant digits, the value to the same place."""
    return printed(numbers.with_error_text(x if known(x) else None, error, PLUS_MINUS))


def measured(r):
    """A measured number with its error; without one to the place of its interval's ends."""
    value, ends = r.get("value"), r.get("interval95")
    if known(r.get("standard_error")) and r["standard_error"] > 0 or not known(value) or not ends or len(ends) != 2:
        return with_error(value, r.get("standard_error"))
    return printed(numbers.within_text(value, *ends))


def interval(ends):
    """A 95% interval [low, high], each end null where it is not known."""
    low, high = ends if ends and len(ends) == 2 else (None, None)
    return DASH if low is None and high is None else printed(numbers.interval_text(low, high, " … "))


def p_value(p):
    return printed(numbers.p_text(p if known(p) else None))


def status(fit):
    """'good', 'widened 3.2': what a fit knows about itself."""
    text, factor = fit.get("status"), fit.get("widened_by")
    return (f"{text} {number(factor, 2)}×" if text == "widened" and known(factor) and factor > 1 else text) or DASH


def misses(fit):
    """Does the fitted curve miss its points by more than chance?"""
    chi2, p = fit.get("chi2_per_dof"), fit.get("p_value")
    return p < SMALL_P if known(p) else known(chi2) and chi2 > LARGE_CHI2


def chi2(fit):
    """χ²/dof; that it is large is said."""
    text = number(fit.get("chi2_per_dof"), 3)
    return text + " (large)" if text != DASH and misses(fit) and fit["chi2_per_dof"] > 1 else text


def formula(name):
    return FORMULAS.get(name, name)


def plain(x):
    """2.0 -> '2', 2.5 -> '2.5'."""
    return f"{x:g}"


def written(word):
    return WRITTEN.get(word) or (word if re.search(r"[./]", word) else word.replace("_", " "))


def setting(method, s):
    """'adaptive partition, active set, q = 2, degree 0 · sampled'"""
    s = s or {}
    parts = []
    if s.get("partition"):
        parts.append(s["partition"])
    if s.get("average"):
        parts.append("active set" if s["average"] == "active" else "whole volume")
    if s.get("loss_power") is not None:
        parts.append("q = " + plain(s["loss_power"]))
    if s.get("degree") is not None:
        parts.append(f"degree {s['degree']}")
    parts += [s[key] for key in ("component", "set") if s.get(key)]
    for key, value in s.items():
        if key not in SETTINGS and value not in (None, ""):
            parts.append(written(value) if isinstance(value, str) else f"{key.replace('_', ' ')} {plain(value)}")
    if method:
        parts.append(method.replace("_", " "))
    return ", ".join(parts)


def setting_order(method, s):
    """Sort key: pieces and average first (the adaptive active set, which the paper speaks of, before the others), then
    the loss power, the method, the degree."""
    s = s or {}
    kind = (s.get("partition") or "", s.get("average") or "")
    return (
        kind != ("adaptive", "active"),
        kind,
        s.get("loss_power") or 0,
        method != "sampled",
        -1 if s.get("degree") is None else s["degree"],
        s.get("component") or "",
    )


#: names of results, such as grid/zeta/p2: they are given to commands, letter by letter
IDENTITY = re.compile(r"((?<![\w/])(?:(?:grid|sampled)/|alpha/\w+/)[\w./-]*\w)")


def prose(text):
    """A sentence or formula of the report in the letters of print: zeta_p, +-, q*h/d, |e|^2 -> ζ_p, ±, q h/d, |e|².
    Names of results stay as they are."""
    return "".join(part if i % 2 else in_print(part) for i, part in enumerate(IDENTITY.split(text)))


def in_print(text):
    """Of a text without names of results."""
    for plain_text, print_text in (
        ("zeta", "ζ"),
        ("alpha", "α"),
        ("+-", "±"),
        (" - ", " − "),
        ("q*h", "q h"),
        ("chi^2", "χ²"),
        ("chi2", "χ²"),
    ):
        text = text.replace(plain_text, print_text)
    text = re.sub(r"\bbeta\b(?![_.])", "β", text)
    text = re.sub(r"\|\^(\d)(?!\d)", lambda match: "|" + match[1].translate(SUPERSCRIPTS), text)
    text = re.sub(r"(?<=[\w)])\^(\d+)(?![\w/(]|\.\d)", lambda match: match[1].translate(SUPERSCRIPTS), text)
    text = re.sub(r"(?<=[\w)])\^a\b", "ᵃ", text)
    text = re.sub(r"(?<![\w.])sigma(?=²)", "σ", text)
    text = re.sub(r"(?<![\w.)\]=-])-(?=(?:\d|inf\b|\.\d|d ?log\b))", "−", text)
    text = re.sub(r"(?<=[\d)])e([+-]?\d+)\b", lambda match: "×10" + str(int(match[1])).translate(SUPERSCRIPTS), text)
    return "−" + text[1:] if re.match("-[^-]", text) else DASH if text == "-" else text


def raised(text):
    """HTML of a line with powers: N^{−α} with the exponent raised."""
    return markupsafe.Markup(re.sub(r"\^\{([^}]*)\}", r"<sup>\1</sup>", str(markupsafe.escape(text))))


def sentences(text):
    """The sentences of a verdict, one by one."""
    return [part for part in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9])", text.strip()) if part]


def quantity(result):
    kind, order = result["quantity"], result.get("order")
    if kind == "zeta":
        return f"ζ_{plain(order)}" if order is not None else "ζ"
    if kind == "ess" and order is not None:
        return f"relative exponent of order {plain(order)}"
    known_names = {
        "dimension_box": "box dimension",
        "spectrum_slope": "spectrum slope",
        "alpha": "α",
        "ess": "relative exponents",
        "increment_flatness": "flatness of increments",
        "skewness": "skewness of increments",
        "flatness": "exponent of the flatness of increments",
        "dimension_intrinsic": "intrinsic dimension",
        "hurst": "roughness h",
    }
    return known_names.get(kind) or kind + (f", order {plain(order)}" if order is not None else "")
