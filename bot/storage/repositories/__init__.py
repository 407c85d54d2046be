"""All SQL: repositories take and give records, never rows."""
