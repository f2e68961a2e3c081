"""One file a gate: records in, findings out. Pure."""
