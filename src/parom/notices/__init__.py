"""Which events of a run are told to whom, in which words; pure."""
