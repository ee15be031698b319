"""The second pass: a frozen encoder that has heard many people, and a small head of our own.

Made from the first pass's speech, noise and alignments. See models/recipe/README.md.
"""
