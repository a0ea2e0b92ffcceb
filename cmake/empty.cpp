// Source of a library whose folder holds headers only.
