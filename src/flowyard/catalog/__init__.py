"""Models to have: their cards, where their files come from, and the store on this machine that all workspaces share."""
