"""One measured exponent: value, error, law, verdict, and the ways it was found."""
import math
from dataclasses import dataclass
from functools import cached_property

from .curve import read_curve


def number(value):
    """A float; what is not known is NaN."""
    return math.nan if value is None else float(value)


@dataclass(frozen=True)
class Answer:
    """The exponent by one way. NaN where the way gives none; `status` and `reason` say why."""
    value: float
    error: float
    interval95: tuple
    status: str
    reason: str


class Result:
    """A row of a run's results. `json` is all that report.json says of it."""

    def __init__(self, row, directory):
        self.json = row
        self._directory = directory

    id = property(lambda self: self.json["id"])
    quantity = property(lambda self: self.json["quantity"])
    stage = property(lambda self: self.json.get("stage"))
    method = property(lambda self: self.json.get("method"))
    order = property(lambda self: self.json.get("order"), doc="p of zeta_p, q of alpha; None for others")
    verdict = property(lambda self: self.json.get("verdict"))
    status = property(lambda self: self.json.get("status"), doc="of the answer that was asked for")
    reason = property(lambda self: self.json.get("reason") or "")
    evidence = property(lambda self: self.json.get("evidence"), doc="what the number leans on beside the field")
    judged_by = property(lambda self: self.json.get("judged_by"),
                         doc="the way whose value this is; None: there is one only")
    fit = property(lambda self: self.json.get("fit") or {}, doc="model, window, points, chi2_per_dof, status, ...")

    @property
    def settings(self):
        """What it was measured with: partition, average, degree, loss_power, ...; those that apply."""
        return {name: value for name, value in (self.json.get("settings") or {}).items() if value is not None}

    @property
    def value(self):
        return number(self.json["measured"].get("value"))

    @property
    def error(self):
        """Standard error: statistical and systematic part added in squares."""
        return number(self.json["measured"].get("standard_error"))

    @property
    def interval95(self):
        """(low, high), or None."""
        ends = self.json["measured"].get("interval95")
        return tuple(number(end) for end in ends) if ends else None

    @property
    def predicted(self):
        """The law's value for these settings; None where there is none."""
        return (self.json.get("predicted") or {}).get("value")

    @property
    def law(self):
        """The law's formula; empty where there is none."""
        return (self.json.get("predicted") or {}).get("formula") or ""

    @property
    def z(self):
        """(value - predicted) / error; NaN where there is no law."""
        return number(self.json.get("z"))

    @property
    def answers(self):
        """The same exponent by several ways: blind, curve, plain -> Answer. Empty where there is one way only."""
        return {way: Answer(number(a.get("value")), number(a.get("standard_error")), tuple(a.get("interval95") or ()),
                            a.get("status") or "", a.get("reason") or "")
                for way, a in (self.json.get("answers") or {}).items()}

    @property
    def decides(self):
        """Whether there is a number that may be compared: a fit that is pinned or failed leaves it open."""
        known = math.isfinite(self.value) and math.isfinite(self.error)
        return known and self.fit.get("status") not in ("pinned", "failed")

    @cached_property
    def curve(self):
        """The measured curve with all its points (report.json may hold fewer), or None."""
        return read_curve(self._directory, self.json)

    def row(self):
        """As a row of a table."""
        low, high = self.interval95 or (math.nan, math.nan)
        return {"id": self.id, "quantity": self.quantity, "order": number(self.order), "method": self.method,
                **self.settings,
                "value": self.value, "error": self.error, "low95": low, "high95": high,
                "predicted": number(self.predicted),
                "law": self.law, "z": self.z, "verdict": self.verdict, "status": self.status}

    def __repr__(self):
        law = f", {self.law} = {self.predicted:.6g}" if self.predicted is not None else ""
        return f"<{self.id}: {self.value:.6g} +- {self.error:.2g}{law}: {self.verdict}>"
