"""What production saw: which data deployments collect, and the collected rows as lists, files and data assets."""
