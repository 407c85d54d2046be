"""Language data and rules, one folder per language, in spaCy's layout."""
