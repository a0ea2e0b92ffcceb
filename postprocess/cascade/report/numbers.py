"""Numbers as a reader sees them: the rules of src/core/talk/numbers.hpp, letter by letter (tests/data/numbers.json)."""
import math

WHOLE_BELOW, PLAIN_FROM, PLAIN_BELOW = 1e15, 1e-4, 1e7
ROUNDOFF = 1e-14
MOST_DIGITS = 12


def grouped(text):
    """1234567.5 -> '1,234,567.5': groups of three from five digits on."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = digits.partition(".")
    return sign + (f"{int(whole):,}" if len(whole) > 4 else whole) + point + rest


def exponent_of(value, digits):
    """The power of ten of the leading digit, after rounding to `digits` significant ones."""
    return int(f"{value:.{digits - 1}e}".partition("e")[2])


def fixed(value, decimals):
    """To `decimals` places behind the point; -2: to hundreds."""
    if decimals >= 0:
        return grouped(f"{value:.{decimals}f}")
    leading = f"{value / 10.0 ** -decimals:.0f}"
    return "0" if leading in ("0", "-0") else grouped(leading + "0" * -decimals)


def scientific(value, digits):
    mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
    return f"{mantissa}e{int(power)}"


def fraction(value):
    """'1/6', or nothing."""
    for below in (3, 6, 7, 9, 11, 12):
        above = float(round(value * below))
        if above != 0 and abs(above) < 100 and abs(value * below - above) <= ROUNDOFF * abs(above):
            return f"{above:.0f}/{below}"
    return ""


def number_text(value, digits=4):
    """A number whose error is not known: at most that many significant digits, whole numbers and fractions as such."""
    if value is None or math.isnan(value):
        return "-"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if value == 0:
        return "0"
    size = abs(value)
    if size < WHOLE_BELOW and abs(value - round(value)) <= ROUNDOFF * size:
        return grouped(f"{value:.0f}")
    exponent, plain = exponent_of(value, digits), PLAIN_FROM <= size < PLAIN_BELOW
    for fewer in range(1, digits):
        if float(f"{value:.{fewer - 1}e}") == value:
            return fixed(value, max(fewer - 1 - exponent, 0)) if plain else scientific(value, fewer)
    if not plain:
        return scientific(value, digits)
    return fraction(value) or fixed(value, max(digits - 1 - exponent, 0))


def with_error_text(value, error, between=" +- "):
    """'0.19045 +- 0.00024': the error with two significant digits, the value to the same place."""
    if value is None or error is None or not (math.isfinite(value) and math.isfinite(error)) or error <= 0:
        return number_text(value)
    larger = max(abs(value), error)
    top, last = exponent_of(larger, MOST_DIGITS), exponent_of(error, 2) - 1
    if top - last >= MOST_DIGITS:
        return number_text(value, MOST_DIGITS) + between + scientific(error, 2)
    if 1e-3 <= larger < PLAIN_BELOW:
        return fixed(value, -last) + between + fixed(error, -last)
    unit = 10.0**top
    return f"({fixed(value / unit, top - last)}{between}{fixed(error / unit, top - last)})e{top}"


def interval_text(low, high, between=" to "):
    """The ends of a 95% interval, to the second digit of a quarter of its width."""
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return number_text(low) + between + number_text(high)
    larger = max(abs(low), abs(high))
    top, last = exponent_of(larger, MOST_DIGITS), exponent_of((high - low) / 4, 2) - 1
    if top - last >= MOST_DIGITS or larger < 1e-3 or larger >= PLAIN_BELOW:
        digits = min(max(top - last + 1, 1), MOST_DIGITS)
        return number_text(low, digits) + between + number_text(high, digits)
    return fixed(low, -last) + between + fixed(high, -last)


def within_text(value, low, high):
    """A value that has such an interval, to the place of its ends."""
    if value is None or low is None or high is None or not all(math.isfinite(x) for x in (value, low, high)) or high <= low:
        return number_text(value)
    larger = max(abs(low), abs(high))
    top, last = exponent_of(larger, MOST_DIGITS), exponent_of((high - low) / 4, 2) - 1
    if top - last >= MOST_DIGITS or larger < 1e-3 or larger >= PLAIN_BELOW:
        return number_text(value, min(max(top - last + 1, 1), MOST_DIGITS))
    return fixed(value, -last)


def p_text(p):
    """A p-value: two significant digits."""
    return "< 0.0001" if p is not None and math.isfinite(p) and p < 1e-4 else number_text(p, 2)
