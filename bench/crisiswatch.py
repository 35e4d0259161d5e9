"""
What does CrisisWatch cost after 23 years instead of one?

    .venv/bin/python -m bench.crisiswatch [--postgresql] [EDITIONS ...]     (12 280)
"""

SITUATIONS = 75


def fill(editions, situations=SITUATIONS):
    """Make a site with such a history, once Django is set up: see ``bench.history``."""
    from bench import history  # noqa: PLC0415 - after Django is set up

    return history.fill(editions, situations)
