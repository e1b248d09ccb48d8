"""The door for programs: the same boards and the same actions as the pages, under ``/api/v1``."""
