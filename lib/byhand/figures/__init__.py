"""Plots that several cells of a notebook share, a module a chapter: plain functions that take arrays and draw."""
