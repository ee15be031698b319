"""What to do next. Pure: no clock, thread, file or random."""
