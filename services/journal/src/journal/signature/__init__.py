"""The signed week: a page frozen as canonical JSON, proved by a password, sealed by the service's own key (J-32)."""
