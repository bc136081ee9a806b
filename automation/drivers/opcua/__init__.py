"""OPC UA servers: read by polling or subscription, written, browsed and found."""
