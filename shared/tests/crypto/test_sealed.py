import base64
import json
from typing import Any

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey, OctKey

from shared.crypto import SealBroken, SealingKeys, new_sealing_key, public_part, seal, unseal

CONTEXT = "contact:0192f0aa-0000-7000-8000-000000000001"
ADDRESS = "мама@zvonok.example"


@pytest.fixture(scope="module")
def key() -> dict[str, Any]:
    return new_sealing_key()


def test_the_recipient_reads_what_was_sealed_for_it(key: dict[str, Any]):
    token = seal(public_part(key), ADDRESS, CONTEXT)
    assert unseal(key, token, CONTEXT) == ADDRESS
    assert "zvonok.example" not in token


def test_the_public_part_cannot_open(key: dict[str, Any]):
    public = public_part(key)
    assert "d" not in public
    with pytest.raises(SealBroken):
        unseal(public, seal(public, ADDRESS, CONTEXT), CONTEXT)


def test_equal_values_look_different_each_time(key: dict[str, Any]):
    assert seal(public_part(key), ADDRESS, CONTEXT) != seal(public_part(key), ADDRESS, CONTEXT)


def test_another_context_does_not_open(key: dict[str, Any]):
    with pytest.raises(SealBroken):
        unseal(key, seal(public_part(key), ADDRESS, CONTEXT), "contact:someone-else")


def test_another_recipient_does_not_open(key: dict[str, Any]):
    with pytest.raises(SealBroken):
        unseal(new_sealing_key(), seal(public_part(key), ADDRESS, CONTEXT), CONTEXT)


@pytest.mark.parametrize("part", [0, 2, 3, 4])
def test_any_changed_part_does_not_open(key: dict[str, Any], part: int):
    parts = seal(public_part(key), ADDRESS, CONTEXT).split(".")
    raw = bytearray(base64.urlsafe_b64decode(parts[part] + "=="))
    raw[len(raw) // 2] ^= 1
    parts[part] = base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")
    with pytest.raises(SealBroken):
        unseal(key, ".".join(parts), CONTEXT)


def test_a_rewritten_context_does_not_open(key: dict[str, Any]):
    """The header is authenticated: the context cannot be changed to fit."""
    parts = seal(public_part(key), ADDRESS, "contact:other").split(".")
    header = json.loads(base64.urlsafe_b64decode(parts[0] + "=="))
    header["ctx"] = CONTEXT
    parts[0] = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    with pytest.raises(SealBroken):
        unseal(key, ".".join(parts), CONTEXT)


def test_other_algorithms_are_refused(key: dict[str, Any]):
    token = jwe.encrypt_compact(
        {"alg": "ECDH-ES+A128KW", "enc": "A128GCM"}, ADDRESS, ECKey.import_key(public_part(key))
    )
    with pytest.raises(SealBroken):
        unseal(key, token, CONTEXT)
    direct = jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, ADDRESS, OctKey.generate_key(256))
    with pytest.raises(SealBroken):
        unseal(key, direct, CONTEXT)


@pytest.mark.parametrize("garbage", ["", "a", "....", "eyJ.eyJ", "é" * 10, "a.b.c.d.e"])
def test_garbage_does_not_open(key: dict[str, Any], garbage: str):
    with pytest.raises(SealBroken):
        unseal(key, garbage, CONTEXT)


def test_a_value_is_sealed_for_each_recipient(key: dict[str, Any]):
    other = new_sealing_key()
    keys = SealingKeys({"notifications": public_part(key), "support": public_part(other)})
    sealed = keys.seal_for_all(ADDRESS, CONTEXT)
    assert unseal(key, sealed["notifications"], CONTEXT) == ADDRESS
    assert unseal(other, sealed["support"], CONTEXT) == ADDRESS
