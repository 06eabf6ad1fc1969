import json


def run(data):
    return json.loads(data)
