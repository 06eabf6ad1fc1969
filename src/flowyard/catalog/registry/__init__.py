"""The registry: versions of models that a workspace keeps, how far each is, and which licenses the workspace deploys."""
