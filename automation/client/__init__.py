"""The REST interface as calls, for the command line and for scripts; knows the model only."""

from automation.client.client import Client, UnreachableError
from automation.client.project import ProjectClient

__all__ = ["Client", "ProjectClient", "UnreachableError"]
