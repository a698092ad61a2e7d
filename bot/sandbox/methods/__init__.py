"""The Web API methods, one file per Slack namespace."""
