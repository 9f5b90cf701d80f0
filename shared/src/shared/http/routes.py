"""What may be said of the route that a request has found."""

from starlette.types import Scope


def route_template(scope: Scope) -> str:
    """Answer `/api/journal/v1/lessons/{lesson_id}`; never the path itself, metrics would grow without end."""
    inner = scope.get("fastapi", {}).get("effective_route_context")
    for route in (inner, scope.get("route")):
        template = getattr(route, "path_format", None) or getattr(route, "path", None)
        if isinstance(template, str):
            return template
    return "unmatched"


def logged_path(scope: Scope) -> str:
    """The path as logs may keep it; of a route whose address is the secret (`/feeds/{secret}`) only the template."""
    route = route_template(scope)
    return route if "{secret}" in route else str(scope["path"])
