"""Results of cascade runs in Python."""
