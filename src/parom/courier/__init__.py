"""The process that carries notices from the outbox to where people read them."""
