"""What the bot costs, measured on this machine and held beside references that run on it, too: `python -m tests.bench`."""
