"""The bot as a process of its own, killed and stopped at the worst moments: nothing lost, nothing twice."""
