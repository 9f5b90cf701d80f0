"""Keys and secrets: sealed fields, encrypted columns, keyed look-ups, numbers with a check digit."""

from shared.crypto.blind_index import BlindIndex
from shared.crypto.check_number import InvalidNumber, check_number, parse_check_number
from shared.crypto.sealed import SealBroken, SealingKeys, new_sealing_key, public_part, seal, unseal
from shared.crypto.seals import Seals, new_seal_keys
from shared.crypto.vault import FieldPlace, FieldUnreadable, FieldVault, PersonKey

__all__ = [
    "BlindIndex",
    "FieldPlace",
    "FieldUnreadable",
    "FieldVault",
    "InvalidNumber",
    "PersonKey",
    "SealBroken",
    "SealingKeys",
    "Seals",
    "check_number",
    "new_seal_keys",
    "new_sealing_key",
    "parse_check_number",
    "public_part",
    "seal",
    "unseal",
]
