"""Delivers events of appeals to another system by signed HTTP requests."""
