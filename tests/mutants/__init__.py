"""Takes away one promise after the other and looks whether a test notices: `make mutants`, or `python -m tests.mutants --only lease`."""
