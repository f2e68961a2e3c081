"""Words in the reader's language: the catalogue, steps, times and sizes."""
