"""A seeded simulation of any pipeline, and the verdict on what became public in it."""

from boxout.testing.checker import Anomaly
from boxout.testing.scenario import Act, Fault, Scenario
from boxout.testing.simulate import Verdict, simulate

__all__ = ["Act", "Anomaly", "Fault", "Scenario", "Verdict", "simulate"]
