"""A Slack workspace on this machine: Web API, Socket Mode, people, a clock and a page; it knows nothing of the bot."""
