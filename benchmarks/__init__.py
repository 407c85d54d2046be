"""Performance figures that anybody can repeat: `make bench`. Loopback only; every loop is bounded."""
