"""The words of the desk: reasons of work, lines of the timeline, and why something was refused."""
