"""What people and the clock ask for: one folder per feature."""
