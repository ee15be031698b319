"""Sound in, commands out: frames, sources, echo, recogniser, accept policy."""
