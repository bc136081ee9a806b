"""MQTT: values that devices publish on plain topics of a broker."""
