"""A simulated year: many cohorts answer, are away and fall silent, the bot restarts and Slack fails, and what always holds is watched."""
