"""The client: the only modules of the driver that know the OPC UA library. All of it runs on the loop of an island."""
