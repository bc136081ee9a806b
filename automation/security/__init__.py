"""Who may do what: principals, roles, users, tokens and password hashes."""
