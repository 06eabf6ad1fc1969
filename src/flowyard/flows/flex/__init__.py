"""Flex flows: a function or a class of Python as a flow, by a ``flow.flex.yaml`` or just so. Each becomes a plan of one step."""
