"""One function per table or chart of a page; one module per page."""
