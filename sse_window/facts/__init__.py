"""Cited facts that come with the package: names, electrodes, conductors, gases."""
