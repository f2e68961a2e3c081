"""Pass, fail or inconclusive, from measurements alone. Pure: no clock, no disk, no network."""
