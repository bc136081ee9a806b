"""``python -m automation`` is the command line."""

from automation.cli import main

if __name__ == "__main__":
    main()
