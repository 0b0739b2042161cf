"""groupbot: a county's service-feedback protocol for chat groups."""

__version__ = "0.1.0"
