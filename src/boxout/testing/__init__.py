"""A seeded simulation of any pipeline, and the verdict on what became public in it."""

from boxout.testing.checker import Anomaly
from boxout.testing.scenario import Act, Fault, Scenario
from boxout.testing.shrink import shrink
from boxout.testing.simulate import Verdict, play, simulate

__all__ = ["Act", "Anomaly", "Fault", "Scenario", "Verdict", "play", "shrink", "simulate"]
