"""What forms between two phases, what it conducts, and what that means."""
