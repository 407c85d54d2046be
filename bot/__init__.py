"""The shell: everything that touches clocks, sockets, databases and other systems."""

VERSION = "0.1.0"
