"""Files that this process has made last: while the cache is away, nobody has them set anew with every request."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Lock

MOST = 16


@dataclass
class _File:
    """One file, or the place where it is being made: whoever wants the same waits for it."""

    making: Lock = field(default_factory=Lock)
    content: bytes | None = None


class LastMade:
    """The last MOST files by their tag. Any thread may use it; no file is made twice at the same time.

    At most `places` threads make or await what takes a while: the others are left for who reads pages.
    """

    def __init__(self, most: int = MOST, *, places: int = 1) -> None:
        self._most, self._lock, self._slow, self._places = most, Lock(), Lock(), BoundedSemaphore(places)
        self._files: OrderedDict[str, _File] = OrderedDict()

    def get(self, tag: str, make: Callable[[], bytes], *, still: Callable[[], bool]) -> tuple[bytes, bool]:
        """The file with this tag, made where it is not here, and whether it is what its tag says.

        `still`, asked after it was made, says whether the tag still names what it was made from; if not, it is for this
        reader alone.
        """
        file = self._place(tag)
        with file.making:
            if file.content is not None:
                return file.content, True
            made = make()
            if not still():
                return made, False
            file.content = made
            return made, True

    def get_in_turn(
        self, tag: str, make: Callable[[], bytes], *, still: Callable[[], bool], is_large: bool
    ) -> tuple[bytes, bool] | None:
        """As `get`, for a file that takes a while. None where all places are taken.

        One that `is_large`, and takes long, is made alone: None where another large one is being made.
        """
        file = self._place(tag)
        if file.content is not None:
            return file.content, True
        with ExitStack() as held:
            for one in (self._places, self._slow) if is_large else (self._places,):
                if not one.acquire(blocking=False):
                    return None
                held.callback(one.release)
            return self.get(tag, make, still=still)

    def _place(self, tag: str) -> _File:
        with self._lock:
            file = self._files.setdefault(tag, _File())
            self._files.move_to_end(tag)
            while len(self._files) > self._most:
                self._files.popitem(last=False)
            return file
