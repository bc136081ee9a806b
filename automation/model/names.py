"""How things are named."""

from __future__ import annotations

import re

NAME_PATTERN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}")
