"""Finds practices by plain words, city jargon and misspelled words; keeps one index per program."""
