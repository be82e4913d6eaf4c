"""The whole product on one machine: services, synthetic people, and a supervisor."""
