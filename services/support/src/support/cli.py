"""The command `support`."""

from shared.ops.cli import service_cli

app = service_cli("support", help_text="Tickets from families and teachers.")
