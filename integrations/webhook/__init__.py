"""The signed webhook: events of appeals out, reports of their state back."""
