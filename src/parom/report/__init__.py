"""What a run amounts to, derived from its events and samples; rendered, never acting."""
