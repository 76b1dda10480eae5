"""Circles that an import would make: sessions that come after themselves, rooms that are parts of themselves."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from schedule.exchange.imports.entries.entry import ImportEntry, State
from schedule.exchange.imports.stored import KeptProgramme
from schedule.exchange.incoming.records import What

Node = Hashable
"""The key of a row that is there, or what and key of a record that would be a new one."""
# Of more rows that all lead back to each other the way is not looked for: it would be longer than one reads.
_WAY_IN = 100
_SHOWN = 6


@dataclass(frozen=True)
class _Chained:
    """Rows that name others of their kind: in which link of their entries, in which column of its lines, and what is
    stored."""

    what: What
    link: str
    column: str
    stored: Callable[[KeptProgramme], Mapping[int, Iterable[Any]]]


_CHAINS = (
    _Chained(What.SESSION, "after", "earlier_id", lambda stored: stored.earlier),
    _Chained(What.ROOM, "parts", "part_id", lambda stored: stored.parts),
)


def refuse_circles(stored: KeptProgramme, entries: Sequence[ImportEntry]) -> None:
    """Make each entry wrong whose word of what it follows, or is joined from, would lead back to itself.

    Rows that the file says nothing of keep what is stored of them. A circle that is there already is nobody's fault.
    """
    for chained in _CHAINS:
        mine = [one for one in entries if one.record.what is chained.what]
        if any(chained.link in one.links for one in mine):
            _Circles(chained, stored, mine).refuse()


class _Circles:
    def __init__(self, chained: _Chained, stored: KeptProgramme, entries: Sequence[ImportEntry]) -> None:
        self.chained, self.entries = chained, entries
        self.had: dict[Node, set[Node]] = {
            key: {getattr(one, chained.column) for one in rows} for key, rows in chained.stored(stored).items()
        }
        self.nodes = {one.record.key: self._node(one) for one in entries}
        self.names: dict[Node, str] = {key: row.code for key, row in stored.by_pk[chained.what].items()}
        self.names |= {self._node(one): one.row.code for one in entries}

    def _node(self, entry: ImportEntry) -> Node:
        return entry.found.pk if entry.found is not None else (entry.record.what, entry.record.key)

    def refuse(self) -> None:
        link = self.chained.link
        saying = {self._node(one): one for one in self.entries if link in one.links and one.state is not State.WRONG}
        graph = dict(self.had)
        for node, entry in saying.items():
            graph[node] = {self.nodes[line[self.chained.column][1]] for line in entry.links[link].lines}
        for bound in _bound_together(graph):
            for node, entry in ((one, saying[one]) for one in bound if one in saying):
                new = sorted((graph[node] & bound) - self.had.get(node, set()), key=self.names.__getitem__)
                if new:
                    way = [node, *(_way(graph, new[0], node) if len(bound) <= _WAY_IN else [new[0], None, node])]
                    self._blame(entry, way)

    def _blame(self, entry: ImportEntry, way: Sequence[Node | None]) -> None:
        shown = way if len(way) <= _SHOWN else [*way[: _SHOWN - 2], None, way[-1]]
        chain = " → ".join("…" if node is None else self.names[node] for node in shown)
        said = _("This goes round in a circle: %(chain)s.") % {"chain": chain}
        entry.problems.append((entry.links[self.chained.link].label, " ".join((said, _("Remove one of these.")))))
        entry.state = State.WRONG


def _way(graph: Mapping[Node, Iterable[Node]], start: Node, goal: Node) -> list[Node]:
    """A shortest way along the names, with both of its ends; there is one."""
    came_from: dict[Node, Node] = {start: start}
    ahead = [start]
    for node in ahead:
        for named in graph.get(node, ()) if goal not in came_from else ():
            if named not in came_from:
                came_from[named] = node
                ahead.append(named)
    way = [goal]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]


def _bound_together(graph: Mapping[Node, set[Node]]) -> list[set[Node]]:
    """The strongly connected components that have an edge within (Kosaraju), in linear time and without recursion."""
    backwards: dict[Node, set[Node]] = {}
    for node, named in graph.items():
        for one in named:
            backwards.setdefault(one, set()).add(node)
    found: list[set[Node]] = []
    seen: set[Node] = set()
    for root in reversed(_last_first(graph)):
        if root in seen:
            continue
        component, ahead = {root}, [root]
        while ahead:
            fresh = backwards.get(ahead.pop(), set()) - seen - component
            component |= fresh
            ahead += fresh
        seen |= component
        if len(component) > 1 or root in graph.get(root, ()):
            found.append(component)
    return found


def _last_first(graph: Mapping[Node, Iterable[Node]]) -> list[Node]:
    """Each node after all that it leads to, but for circles: the order in which a search in depth leaves them."""
    left: list[Node] = []
    seen: set[Node] = set()
    for root in graph:
        if root in seen:
            continue
        seen.add(root)
        path = [(root, iter(graph[root]))]
        while path:
            node, named = path[-1]
            ahead = next((one for one in named if one not in seen), None)
            if ahead is None:
                left.append(node)
                path.pop()
            else:
                seen.add(ahead)
                path.append((ahead, iter(graph.get(ahead, ()))))
    return left
