"""From a folder to what is in it."""
import os

from .campaign import Campaign
from .report import data
from .run import Run


def load(path):
    """The result in a folder (or of a report.json): a Run, or a Campaign where many cases were run.

    The files are compared with checksums.sha256 first. Throws cascade.Damaged (something was changed after it was
    written) or cascade.Unreadable (no result there, or of another format); the message says which file and what to
    do."""
    directory = os.fspath(path)
    if os.path.basename(directory) == "report.json" and not os.path.isdir(directory):
        directory = os.path.dirname(directory) or "."
    report = data.load(directory)
    return (Campaign if report["schema"] == data.CAMPAIGN else Run)(report)
