"""Report templates out, filled templates in."""
