"""Boxout publishes a number only when every input it was computed from was complete, checked, current and public at that very moment."""
