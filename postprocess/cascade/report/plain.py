"""Text of others is text: nothing in it moves a cursor, turns the direction of writing or is set as a formula."""
import re

import matplotlib.text

#: C0 but for line breaks and tabs, DEL, C1, marks that reorder what is read (Unicode 15, annex 9), halves of surrogates
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
#: the formulas of our own labels: an index or an exponent
OWN_FORMULA = re.compile(r"\$[_^](?:\{[^${}\\]+\}|[^\s${}\\]+)\$")


def text(said):
    """One text with what would be obeyed written as its number, as the program itself shows it."""
    return OBEYED.sub(lambda match: f"\\x{ord(match[0]):02x}", said)


def everywhere(value):
    """The same in a whole report: names and texts."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return [everywhere(each) for each in value]
    if isinstance(value, dict):
        return {text(name): everywhere(each) for name, each in value.items()}
    return value


def labels(figure):
    """A dollar sign in a column's name begins no formula: only our own indices and exponents are set as such."""
    for label in figure.findobj(matplotlib.text.Text):
        if "$" in OWN_FORMULA.sub("", label.get_text()):
            label.set_parse_math(False)
