"""The command `delegation`: what every service has."""

from shared.ops.cli import service_cli

app = service_cli("delegation", help_text="delegation: trusted persons read a diary by invitation.")
