"""The rows that a return could not keep, as they lie on disk, and what came back of them."""
