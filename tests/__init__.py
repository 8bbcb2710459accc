"""Tests of the suite as a whole: several modules, real servers, a real browser."""
