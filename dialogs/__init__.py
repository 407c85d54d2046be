"""The pure dialogue engine: an event in; a new state, replies and effects out. No clock, no database, no vendor."""
