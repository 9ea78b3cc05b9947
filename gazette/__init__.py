"""Gazette: checks published datasets and turns them into a bilingual static site with downloads."""

__version__ = "0.1.0"
