"""A report in words, section by section."""
