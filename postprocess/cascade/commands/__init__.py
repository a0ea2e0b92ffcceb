"""The programs of the package: cascade-report, cascade-compare, cascade-verify."""
