"""Money, time, calendars, lifecycles and errors. Knows neither Django nor any app."""
