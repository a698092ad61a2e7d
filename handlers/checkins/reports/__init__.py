"""What facilitators look up: how their cohorts answer, and what became of each message of a round."""
