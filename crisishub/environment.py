"""
Reads the environment, and the file that ENV_FILE names, for ``crisishub/settings.py``.

Each function reads one variable; where it is missing or malformed, it raises ImproperlyConfigured
with a sentence that says what to set.
"""

import os
from collections.abc import Collection
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))

env = Env()
env.read_env(os.environ.get("ENV_FILE", VAR_DIR / "env"), recurse=False)


def read(kind: str, name: str, remedy: str, valid=lambda value: True, **options):
    """``kind`` is a method of ``environs.Env``, to which ``options`` go, the default among them."""
    try:
        value = getattr(env, kind)(name, **options)
        if not valid(value):
            raise ValueError(f"{value!r} will not do")
    except (EnvError, ValueError) as error:
        message = f"{name}: {error}. Set it to {remedy} (docs/operators.md lists all variables)."
        raise ImproperlyConfigured(message) from None
    return value


def flag(name: str, *, default: bool = False) -> bool:
    return read("bool", name, "1 or 0", default=default)


def number(name: str, remedy: str, *, default: int, least: int = 1) -> int:
    return read("int", name, remedy, lambda value: value >= least, default=default)


def names(name: str, remedy: str, valid=lambda value: True, *, default: list[str]) -> list[str]:
    return read("list", name, f"{remedy}, with commas between them", valid, default=default)


def one_of(name: str, values: Collection[str], *, default: str) -> str:
    listed = ", ".join(sorted(values))
    return read("str", name, f"one of {listed}", lambda value: value in values, default=default)


def folder(name: str, *, default: Path) -> Path:
    return read("path", name, "a folder that the server may write", default=default)
