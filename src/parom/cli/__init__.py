"""Parse, call one function of the core, render."""
