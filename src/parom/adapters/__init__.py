"""The world behind the ports. Nothing but `wiring` imports from here."""
