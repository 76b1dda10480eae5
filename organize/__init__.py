"""The organizers' pages. They live in the topmost app because they look at programme, sign-ups and messages at once."""
