"""What tests stand on: a pytest plugin with real servers, fresh migrated databases, tokens and events."""
