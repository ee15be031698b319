"""Speakers for training: every engine draws a speaker from a random generator and says a text."""
