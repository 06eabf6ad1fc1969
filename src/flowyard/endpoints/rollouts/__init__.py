"""Rollouts: traffic moves to a deployment in steps, each of which is judged, and back when it does worse.

A rollout is a row of the database that the leading worker looks at once a second: there is nothing else to lose or to resume.
"""
