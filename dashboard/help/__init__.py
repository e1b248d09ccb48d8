"""The words of the help, as data beside the code that reads them."""
