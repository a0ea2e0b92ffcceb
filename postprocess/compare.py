#!/usr/bin/env python3
"""cascade-compare without an installation: compare.py DIR DIR ... (--help)."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from cascade.commands.compare import main  # noqa: E402  (after the path)

sys.exit(main())
