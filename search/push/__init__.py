"""What is shared reaches the spaces it fits, and the people who asked for it."""
