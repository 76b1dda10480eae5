"""The rows that facts about a programme are about."""

from __future__ import annotations

from journal.facts import Thing

CONFERENCE = Thing("conference", "schedule.Conference")
SESSION = Thing("session", "schedule.Session", "title")
ROOM = Thing("room", "schedule.Room", "name")
KIND = Thing("kind", "schedule.Kind", "name")
THEME = Thing("theme", "schedule.Theme", "name")
BODY = Thing("body", "schedule.Body", "name")
PERSON = Thing("person", "schedule.Person", "name")
ROLE = Thing("role", "schedule.Role")
HOST = Thing("host", "schedule.SessionHost")
DRAFT = Thing("draft", "schedule.Draft", "name")
RELEASE = Thing("release", "schedule.Release")
SEARCH = Thing("search", "schedule.SolverRun")
REPAIR = Thing("repair", "schedule.SolverRun")
IMPORT = Thing("import", "schedule.ImportRun")
GROUP = Thing("group", "schedule.SessionGroup")
PAIR = Thing("pair", "schedule.NotParallel")
UNAVAILABILITY = Thing("unavailability", "schedule.Unavailability")
