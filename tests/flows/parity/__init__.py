"""Small flows, one rule each, with what prompt flow does with them. `cases` says how they are written, ``*.json`` what was recorded.

``scripts/parity.py`` runs all of them here and, where prompt flow is installed beside us, there too; ``test_flow_parity.py`` runs them
here against the record.
"""
