"""Rasa components: each only adapts one plain module to Rasa's graph."""
