"""What runs inside the deployed application, and how Parom talks to it."""
