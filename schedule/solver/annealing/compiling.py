"""How the inner loops are compiled: by numba, without counting references.

Whenever compiled code reads an array out of a named tuple, numba counts one reference more and afterwards one less,
each by an atomic instruction that the compiler can neither drop nor move. The loops here do little else than read such
arrays, and counting took most of their time. `_nrt=False` compiles without the runtime that counts. What is compiled
so cannot make arrays: whoever calls it hands in those it works on, and it copies element by element. The option is
numba's own and in none of its documents; numba's version is pinned, and one that did not know the option would refuse.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """For what Python calls, and for what is too long to be copied to every place that calls it."""
    return _njit(function, _nrt=False)


def inlined(function: F) -> F:
    """For what compiled loops call all the time: a call hands over every array one by one."""
    return _njit(function, _nrt=False, forceinline=True)


def inner(function: F) -> F:
    """As `inlined`, for what Python never calls, the tests not either: a third less to compile."""
    return _njit(function, _nrt=False, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def called(function: F) -> F:
    """As `compiled`, for what Python never calls: handing over dozens of arrays from Python takes long to compile."""
    return _njit(function, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def _njit(function: F, **options: Any) -> F:
    """Without the interpreter's lock, and with a cache on disk where there is a writable place for one."""
    try:
        return cast("F", numba.njit(cache=True, nogil=True, **options)(function))
    except RuntimeError:  # "no locator available": a read-only installation; compile in every process
        return cast("F", numba.njit(nogil=True, **options)(function))
