"""What she can look at."""
