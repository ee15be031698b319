"""A line in, sound out: engines, store, player."""
