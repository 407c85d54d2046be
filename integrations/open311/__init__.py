"""Open311 GeoReport v2: the client that passes appeals on, and the documents both client and server are made of."""
