"""The pure domain of citizens' appeals: kinds, topics, bodies, territory, terms, identifiers, life cycle."""
