"""Other systems, one folder each: client, pure mapping, strict fake, recorded fixtures, README."""
