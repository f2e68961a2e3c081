"""What is missing or wrong for a deployment: many small looks, none of which changes anything."""
