"""Running a service: settings, logs, traces, metrics, health, clock and ids."""
