import pytest

from shared.http import InvalidCursor, Paging, cursor_of


async def test_pages_lead_through_the_whole_list(client):
    seen, after, pages = [], None, 0
    while True:
        params = {"limit": 1000} | ({"after": after} if after else {})
        page = (await client.get("/notes", params=params)).json()
        seen += page["items"]
        pages += 1
        after = page["next"]
        if after is None:
            break
    assert seen == list(range(250))
    assert pages == 3  # the limit is capped at 100


@pytest.mark.parametrize("after", ["x", "!!!!", "W10", "WyJhIl0", "bnVsbA", "é", "W1tbW1tb", "WzEsMl0"])
async def test_a_cursor_of_something_else_is_400(client, after):
    response = await client.get("/notes", params={"after": after})
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_cursor"


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": -1}, {"limit": "many"}, {"after": "x" * 600}])
async def test_wrong_paging_is_422(client, params):
    assert (await client.get("/notes", params=params)).status_code == 422


def test_a_cursor_keeps_its_values():
    paging = Paging(after=cursor_of("Ёлкин", 7), limit=10)
    assert paging.position(str, int) == ("Ёлкин", 7)
    with pytest.raises(InvalidCursor):
        paging.position(str)
    assert Paging(after=None, limit=1).position(int) is None
