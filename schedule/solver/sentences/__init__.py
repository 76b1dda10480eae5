"""What the solver has to say: messages of a code and values, their English, and how a catalogue's words are put in."""
