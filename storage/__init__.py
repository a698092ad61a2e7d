"""What is remembered: tables and the verbs on them; the caller's session comes first."""
