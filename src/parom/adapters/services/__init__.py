"""The application's processes."""
