"""Quiet, addressed messages: one digest per person and day, two kinds at once, nothing outside the receiver's scope."""
