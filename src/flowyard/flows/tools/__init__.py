"""Tools of installed packages: finding them, listing them in a process of their own, making new ones."""
