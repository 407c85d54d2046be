"""The ways a citizen reaches the assistant; one package per channel, none knows another."""
