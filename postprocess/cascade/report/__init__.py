"""The page of a cascade run: data (what was measured), figures, page."""
