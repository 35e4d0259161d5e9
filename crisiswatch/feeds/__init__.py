"""What feed readers get of CrisisWatch: whole months, entries of a situation, what has changed."""
