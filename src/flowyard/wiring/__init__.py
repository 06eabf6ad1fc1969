"""The composition root: settings become concrete services here, and nowhere else, one module a process. Only it imports ``storage``."""
