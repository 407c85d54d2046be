"""Electronic signatures: checked by NCANode. Without a verifier appeals are filed unsigned, and say so."""
