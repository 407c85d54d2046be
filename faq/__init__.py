"""Frequent questions with answers whose basis is known, and the search that serves browsing and the time without NLU."""
