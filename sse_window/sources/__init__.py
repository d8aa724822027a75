"""Where phases come from: packaged datasets, the live Materials Project, the user's own files."""
