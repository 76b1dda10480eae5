"""The file formats the command line offers: name -> reader. A new format is one reader and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from . import plenary
from .problem import Problem
from .records import Source

Reader = Callable[[Source], Problem]

READERS: Mapping[str, Reader] = MappingProxyType({"plenary": plenary.read})
