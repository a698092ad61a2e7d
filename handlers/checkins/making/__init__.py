"""Making and changing a check-in: a form in steps, each kept as a draft, and a preview of what will be asked."""
