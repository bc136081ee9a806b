"""Project folders of TOML files."""
