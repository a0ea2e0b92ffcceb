#!/usr/bin/env python3
"""cascade-verify without an installation: verify_field.py DIR checks the field and the files of a result."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from cascade.commands.verify import main  # noqa: E402  (after the path)

sys.exit(main())
