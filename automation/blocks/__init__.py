"""Function blocks in the sense of IEC 61131: each keeps its own state and is stepped with inputs and the instant."""
