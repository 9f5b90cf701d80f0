"""The command `notifications api | worker | migrate | openapi | bus …`."""

from shared.ops.cli import service_cli

app = service_cli("notifications", help_text="Notification centre and messages to people.")
