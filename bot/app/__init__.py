"""Use cases: what the product does, told in terms of ports."""
