"""Version of the package: read from here by the build, so that nothing has to be looked up."""

__all__ = ["__version__"]

__version__ = "0.1.0"
