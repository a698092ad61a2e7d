"""The process: what runs, with what, and when."""
