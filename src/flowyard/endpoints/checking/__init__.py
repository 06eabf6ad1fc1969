"""What is looked at before something is deployed: whether it is valid, answers, and was found good enough."""
