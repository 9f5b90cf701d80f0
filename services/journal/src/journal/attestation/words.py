"""What stands in requests and answers of attestation."""

from typing import Annotated

from pydantic import Field, StringConstraints

Version = Annotated[int, Field(ge=1, le=2**31 - 2)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=500)]
