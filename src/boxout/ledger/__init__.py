"""What happened and what is public."""
