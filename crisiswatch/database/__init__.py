"""All public entries in one list: what readers ask of it, what is found, and that as a file."""
