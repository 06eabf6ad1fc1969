"""Ids, clock, settings, errors, references and codecs: what every room uses. No domain words live here."""
