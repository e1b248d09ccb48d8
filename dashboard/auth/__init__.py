"""Who is there: passwords, second factor, sessions, the gate in front of everything, the bureau's own sign-in."""
