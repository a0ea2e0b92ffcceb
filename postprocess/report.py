#!/usr/bin/env python3
"""cascade-report without an installation: report.py DIR makes DIR/report.html (--help)."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from cascade.commands.report import main  # noqa: E402  (after the path)

sys.exit(main())
