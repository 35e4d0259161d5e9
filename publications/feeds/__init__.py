"""What programs read of the publications: Atom feeds and the podcast feed."""
