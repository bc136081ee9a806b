"""The REST interface: a namespace per noun, one table of errors, one document at ``/api/docs``."""
