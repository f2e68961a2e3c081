"""What Parom offers to the application that it carries. Needs only Django."""
