"""Other systems: a port per need, one folder per system, a working fake of each."""
