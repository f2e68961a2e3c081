"""The watch of the day after a deployment: a process of its own, which disturbs nothing."""
