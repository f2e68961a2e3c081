"""Words that people search for."""

LONGEST = 200


def folded(text: str) -> str:
    """As the search texts of rows are kept; without the zeros that PostgreSQL refuses."""
    return text[:LONGEST].replace("\x00", "").strip().casefold()
