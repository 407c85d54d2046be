"""Russian: spaCy's own language class splits the text, pymorphy3 gives the normal forms."""
