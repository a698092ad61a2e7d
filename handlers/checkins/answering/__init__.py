"""Answering a check-in: the form and its steps, one answer for a city, and what follows an answer."""
