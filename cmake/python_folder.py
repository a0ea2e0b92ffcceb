"""Prints where a Python package goes below an installation prefix: python_folder.py PREFIX

A folder where this interpreter looks, if one is below the prefix; else the usual one, for PYTHONPATH.
"""
import os
import site
import sys
import sysconfig

prefix = os.path.normpath(sys.argv[1]) + os.sep
own = [folder for folder in site.getsitepackages() if folder.startswith(prefix)]
usual = sysconfig.get_path("purelib", "posix_prefix", vars={"base": prefix})
print(os.path.relpath(min(own, key=len) if own else usual, prefix))
