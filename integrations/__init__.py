"""Other systems, one folder each. The ports they implement stand in `bot.app.ports`."""
