from typing import Any

import pytest

from shared.ops.ids import new_id

ITEM = new_id()


@pytest.fixture
async def told(family: Any, tell: Any) -> None:
    await tell(*family.everything(), *(family.posted(value) for value in "12345"))


async def test_pages_hold_every_item_once(family: Any, told: None, reader: Any) -> None:
    """N-2: newest first, cursor."""
    mother, seen, after = reader(family.mother), [], {}
    while True:
        page = (await mother.get("/inbox", limit=2, **after)).json()
        seen += [item["title"] for item in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert seen == [f"Алгебра: {value}" for value in "54321"]


async def test_read_unread_archive(family: Any, told: None, reader: Any) -> None:
    """N-1."""
    mother = reader(family.mother)
    first, second, *_ = await mother.items()
    assert (await mother.post(f"/inbox/{first['id']}/read")).json() == {"id": first["id"], "state": "read"}
    assert (await mother.post(f"/inbox/{second['id']}/archive")).json()["state"] == "archived"
    assert len(await mother.items()) == 4
    assert len(await mother.items(unread=True)) == 3
    assert [item["id"] for item in await mother.items(archived=True)] == [second["id"]]
    await mother.post(f"/inbox/{first['id']}/unread")
    await mother.post(f"/inbox/{second['id']}/unread")
    assert len(await mother.items(unread=True)) == 5
    assert len(await reader(family.father).items(unread=True)) == 5


async def test_read_all_leaves_what_came_since(family: Any, told: None, tell: Any, reader: Any) -> None:
    """N-2: mark all up to a cursor."""
    mother = reader(family.mother)
    newest = (await mother.items())[0]["cursor"]
    await tell(family.posted("5"))
    assert (await mother.post("/inbox/read-all", {"upto": newest})).json() == {"marked": 5}
    assert (await mother.get("/inbox/counts")).json() == {
        "unread": 1,
        "actionable": 0,
        "categories": {"marks": {"unread": 1, "actionable": 0}},
    }
    assert (await mother.post("/inbox/read-all", {"upto": newest})).json() == {"marked": 0}


async def test_filters_by_child_and_category(family: Any, told: None, tell: Any, reader: Any) -> None:
    """N-2."""
    mother, brother = reader(family.mother), new_id()
    await tell(
        family.granted(family.mother, pupil_id=brother, binding_id=new_id()),
        family.posted(pupil_id=brother),
        family.accepted(new_id(), new_id()),
    )
    assert len(await mother.items(child=str(brother))) == 1
    assert len(await mother.items(child=str(family.anna))) == 6
    assert len(await mother.items(child=str(family.anna), category="marks")) == 5
    assert len(await mother.items(category="access")) == 1
    assert (await mother.items(child=str(brother)))[0]["text"].startswith("Ребёнок — ")


async def test_somebody_elses_item_is_not_found(family: Any, told: None, reader: Any) -> None:
    (item, *_) = await reader(family.mother).items()
    for action in ("read", "unread", "archive"):
        answer = await reader(family.stranger).post(f"/inbox/{item['id']}/{action}")
        assert answer.status_code == 404
        assert answer.json()["code"] == "item_not_found"


async def test_polling_with_etag(family: Any, told: None, tell: Any, reader: Any) -> None:
    """N-2: 304 until something changes, in each language apart."""
    mother = reader(family.mother)
    for path in ("/inbox", "/inbox/counts"):
        tag = (await mother.get(path)).headers["etag"]
        unchanged = await mother.get(path, headers={"If-None-Match": tag})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
    tag = (await mother.get("/inbox")).headers["etag"]
    english = await mother.get("/inbox", headers={"If-None-Match": tag, "Accept-Language": "en"})
    assert english.status_code == 200
    await tell(family.posted())
    assert (await mother.get("/inbox", headers={"If-None-Match": tag})).status_code == 200


async def test_the_list_takes_as_many_statements_however_long(
    family: Any, told: None, tell: Any, reader: Any, statements: Any
) -> None:
    mother = reader(family.mother)
    with statements() as few:
        assert len(await mother.items(limit=1)) == 1
    await tell(*(family.posted() for _ in range(40)))
    with statements() as many:
        assert len(await mother.items(limit=100)) == 45
    # Is the session still on; the list.
    assert len(few) == len(many) == 2


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"after": "кириллица"}, 400, "invalid_cursor"),
        ({"after": "WyJ4Il0"}, 400, "invalid_cursor"),
        ({"after": "WzFlOTld"}, 400, "invalid_cursor"),
        ({"after": "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OV0"}, 400, "invalid_cursor"),
        ({"after": "Wy0xXQ"}, 400, "invalid_cursor"),
        ({"limit": "0"}, 422, "validation_failed"),
        ({"limit": "many"}, 422, "validation_failed"),
        ({"child": "7А"}, 422, "validation_failed"),
        ({"category": "everything"}, 422, "validation_failed"),
        ({"unread": "perhaps"}, 422, "validation_failed"),
    ],
)
async def test_bad_queries_are_refused(family: Any, reader: Any, query: dict[str, str], status: int, code: str) -> None:
    answer = await reader(family.mother).get("/inbox", **query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/inbox/not-an-id/read", None, 422, "validation_failed"),
        (f"/inbox/{ITEM}/read", None, 404, "item_not_found"),
        (f"/inbox/{ITEM}/burn", None, 404, "route_not_found"),
        ("/inbox/read-all", None, 422, "validation_failed"),
        ("/inbox/read-all", {}, 422, "validation_failed"),
        ("/inbox/read-all", {"upto": 5}, 422, "validation_failed"),
        ("/inbox/read-all", {"upto": "WzFd", "all": True}, 422, "validation_failed"),
        ("/inbox/read-all", {"upto": "%%%"}, 400, "invalid_cursor"),
    ],
)
async def test_bad_commands_are_refused(family: Any, reader: Any, path: str, body: Any, status: int, code: str) -> None:
    answer = await reader(family.mother).post(path, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_token_is_needed(client: Any) -> None:
    for path in ("/inbox", "/inbox/counts"):
        assert (await client.get(f"/api/notifications/v1{path}")).status_code == 401
