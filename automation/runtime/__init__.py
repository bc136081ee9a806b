"""The composition root: builds everything, starts it in flow order, stops it in reverse."""

from automation.runtime.runtime import Runtime

__all__ = ["Runtime"]
