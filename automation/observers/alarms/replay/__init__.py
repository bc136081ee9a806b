"""What alarms would have been: recorded samples through the real alarms under a clock that the samples move.

``tape`` reads the history of all tags in order of time, ``stage`` runs one configuration, ``course`` keeps what each alarm did,
``metrics`` judges all of them together, ``replay`` puts recorded, present and proposed alarms side by side as a ``result``.
"""
