"""
What the rooms share when they answer programs: questions, pages, fields, and what goes wrong.

Each room has an ``api.py`` with its collections; ``crisishub/api/`` puts them together.
"""
