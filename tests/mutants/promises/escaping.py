"""What people type rings nobody: user text in mrkdwn went through `escaped`."""

MUTANTS = []
