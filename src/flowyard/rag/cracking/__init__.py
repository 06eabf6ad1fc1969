"""Cracking: files of many formats become text with pages, headings and tables, in processes of their own."""
