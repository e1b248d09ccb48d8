"""One function per thing a person can do; each writes in one transaction."""
