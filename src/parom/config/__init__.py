"""parom.toml: the whole of what Parom knows about an installation."""
