"""What stands between the public and the services."""
