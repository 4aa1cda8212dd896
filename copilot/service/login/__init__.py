"""Logging in at a browser: with the user file, or at an identity provider (OpenID Connect)."""
