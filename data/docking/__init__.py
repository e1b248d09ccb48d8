"""The exports of the two systems: how they are read, and the rows that they say."""
