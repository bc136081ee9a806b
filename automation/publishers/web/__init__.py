"""The Flask application that the other publishers hang their routes on, its access gate, and the server it runs in."""
