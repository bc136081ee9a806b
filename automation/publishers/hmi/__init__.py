"""The built HMI, served to the browser."""
