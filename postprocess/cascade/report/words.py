"""Numbers, formulas and settings as a reader wants to see them."""
import math
import re

DASH = "–"
FORMULAS = {"zeta_q/D": "ζ_q/D", "zeta_q/d": "ζ_q/d", "q*h/d": "q h/d", "q*h/D": "q h/D"}
#: settings whose words setting() knows; of others it says name and value
SETTINGS = ("partition", "average", "loss_power", "degree", "component", "set")
#: verdict -> (symbol, class of the style sheet)
VERDICTS = {"supported": ("✓", "yes"), "agrees": ("✓", "yes"), "rejected": ("✗", "no"), "undecided": ("?", "open"),
            "not distinguishable": ("≈", "same"), "near saturation": ("~", "near")}


def known(x):
    return x is not None and math.isfinite(x)


def number(x, digits=4):
    if not known(x):
        return DASH
    small = x != 0 and abs(x) < 1e-3  # fixed digits would swallow it
    return (f"{x:.{max(digits, 2)}g}" if small else f"{x:.{digits}f}").replace("-", "−")


def signed(x):
    return f"{x:+.{0 if abs(x) >= 100 else 1}f}".replace("-", "−") if known(x) else DASH


def with_error(x, error):
    """0.1905 ± 0.0021: the error with two significant digits, the value to the same place."""
    if not known(x):
        return DASH
    if not known(error) or error <= 0:
        return number(x)
    if 0 < abs(x) < 1e-3:
        return f"{x:.3g} ± {error:.2g}".replace("-", "−")
    digits = min(max(1 - math.floor(math.log10(error)), 0), 6)
    return f"{x:.{digits}f} ± {error:.{digits}f}".replace("-", "−") if error >= 5e-7 else f"{number(x, digits)} ± {error:.1g}"


def status(fit):
    """'good', 'widened 3.2': what a fit knows about itself."""
    text, factor = fit.get("status"), fit.get("widened_by")
    return (f"{text} {factor:.3g}" if text == "widened" and known(factor) and factor > 1 else text) or DASH


def formula(name):
    return FORMULAS.get(name, name)


def plain(x):
    """2.0 -> '2', 2.5 -> '2.5'."""
    return f"{x:g}"


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
            parts.append(value if isinstance(value, str) else f"{key.replace('_', ' ')} {plain(value)}")
    if method:
        parts.append(method)
    return ", ".join(parts)


def setting_order(method, s):
    """Sort key: pieces and average first (the adaptive active set, which the paper speaks of, before the others), then
    the loss power, the method, the degree."""
    s = s or {}
    kind = (s.get("partition") or "", s.get("average") or "")
    return (kind != ("adaptive", "active"), kind, s.get("loss_power") or 0, method != "sampled",
            -1 if s.get("degree") is None else s["degree"], s.get("component") or "")


def prose(text):
    """A sentence or formula of the report in the letters of print: zeta_p, +-, q*h/d, |e|^2 -> ζ_p, ±, q h/d, |e|²."""
    for plain_text, printed in (("zeta", "ζ"), ("alpha", "α"), ("+-", "±"), (" - ", " − "), ("(-", "(−"), ("q*h", "q h")):
        text = text.replace(plain_text, printed)
    text = re.sub(r"\|\^(\d)(?!\d)", lambda match: "|" + "⁰¹²³⁴⁵⁶⁷⁸⁹"[int(match[1])], text)
    return "−" + text[1:] if text.startswith("-") else text


def sentences(text):
    """The sentences of a verdict, one by one."""
    return [part for part in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9])", text.strip()) if part]


def quantity(result):
    kind, order = result["quantity"], result.get("order")
    if kind == "zeta":
        return f"ζ_{plain(order)}" if order is not None else "ζ"
    known_names = {"dimension_box": "box dimension", "spectrum_slope": "spectrum slope", "alpha": "α"}
    return known_names.get(kind) or kind + (f", order {plain(order)}" if order is not None else "")
