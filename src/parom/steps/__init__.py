"""One file a step. Steps know ports, never adapters; the engine orders and journals them."""
