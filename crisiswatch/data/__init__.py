"""What the data files of CrisisWatch say, and how: their columns, their bytes, their papers."""
