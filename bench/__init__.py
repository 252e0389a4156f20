"""What is promised about speed and size, measured on the installed programs: `python -m bench [word …]`."""
