"""Summing a round up: what was answered, in words, charts and a picture, laid out so that Slack takes it."""
