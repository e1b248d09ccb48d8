"""The papers a bureau hands out, as Word and Excel: composed from the same boards as the screen."""
