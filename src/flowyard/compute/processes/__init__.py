"""The supervisor: keeps processes running on this machine, behind `compute.ports.ProcessHost`."""
