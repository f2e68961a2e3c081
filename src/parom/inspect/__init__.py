"""What a folder says about the project in it, read without running any of its code."""
