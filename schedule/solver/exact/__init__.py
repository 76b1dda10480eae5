"""The exact side: CP-SAT models of a timetable, what they prove, and what each session may do on its own."""
