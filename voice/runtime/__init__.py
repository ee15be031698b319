"""The only place where the parts meet: loop, clocks, devices, journal, settings."""
