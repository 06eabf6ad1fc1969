"""What is in data, before all of it is read. Files are looked at in a process of their own, which may read them and nothing else."""
