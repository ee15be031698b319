"""Figures of the whole program, each run writing what it measured to `bench/figures/`."""
