"""Pure functions on Kazakh and Russian text: what every other package needs to read what a citizen typed."""
