"""The record of everything that was intended, done, seen and decided; a Django app."""
