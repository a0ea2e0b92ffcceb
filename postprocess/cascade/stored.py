"""What runs and campaigns have in common: a verdict, provenance, figures."""
import os

from . import modules
from .report import checksums


class Stored:
    """A result on disk, as report.json tells it."""

    def __init__(self, report):
        self._report = report
        self._figures = None

    @property
    def json(self):
        """report.json, whole (docs/report.md)."""
        return self._report.json

    @property
    def directory(self):
        return self._report.directory

    @property
    def headline(self):
        """The answer in one or two sentences."""
        return self.json.get("verdict") or ""

    @property
    def provenance(self):
        """Who ran what, where and how long."""
        return self.json.get("run") or {}

    @property
    def name(self):
        return self.provenance.get("name") or ""

    @property
    def config(self):
        """The input with every default filled in."""
        config = self.provenance.get("config")
        return config if isinstance(config, dict) else {}

    @property
    def checks(self):
        """The input's check: block, what was measured for it, and whether it passed."""
        return self.json.get("checks") or []

    @property
    def warnings(self):
        """What a reader must know before believing a number."""
        return self.json.get("warnings") or []

    @property
    def checked(self):
        """Whether the files were compared with checksums; results of older versions have none."""
        return os.path.exists(os.path.join(self.directory, checksums.NAME))

    @property
    def figures(self):
        """The figures that there are: name -> title."""
        drawing = self._drawing()
        if self._figures is None:
            entries = drawing.entries(self._report)
            self._figures = {name: entries[name].title for name in drawing.available(self._report)}
        return dict(self._figures)

    def figure(self, name):
        """A matplotlib figure by its name. Throws LookupError with the names there are."""
        drawing = self._drawing()
        drawn = drawing.draw(self._report, name) if name in drawing.entries(self._report) else None
        if drawn is None:
            raise LookupError(f"{self.directory}: no figure '{name}'; there are {', '.join(self.figures) or 'none'}")
        return drawn.figure

    @staticmethod
    def _drawing():
        modules.require("matplotlib")
        from .report import figures
        return figures

    def __repr__(self):
        return f"<{type(self).__module__.split('.')[0]}.{type(self).__name__} {self.directory}: {self.headline}>"
