"""The types of datastores, one module each with its `KIND`. A further type is a module here and its row in `kinds`."""
