"""The shell: everything that touches clocks, sockets, databases and other systems."""
