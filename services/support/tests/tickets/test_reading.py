"""S-3: a ticket is seen by its signed-in owner or through its signed link, never by number alone."""

from datetime import timedelta

from support.tickets.links import VALID_FOR


async def test_the_owner_reads_it_with_its_thread(desk):
    filed = await desk.filed(desk.mother)
    await desk.answer(filed["number"], 1)
    ticket = (await desk.call(desk.mother, "GET", f"/tickets/{filed['number']}")).json()
    assert (ticket["number"], ticket["status"], ticket["subject"]) == (filed["number"], "new", "Не могу войти")
    assert [message["author"] for message in ticket["messages"]] == ["requester", "agent"]
    assert str(desk.agent) not in str(ticket)
    assert "@" not in str(ticket)


async def test_the_link_opens_it_for_whoever_has_no_account(support):
    filed = await support.filed()
    answer = await support.call(None, "GET", f"/tickets/{filed['number']}", params={"token": filed["token"]})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    bare = filed["number"].replace("-", "")
    assert (await support.call(None, "GET", f"/tickets/{bare}", params={"token": filed["token"]})).status_code == 200
    support.clock.advance(seconds=VALID_FOR / timedelta(seconds=1) + 1)
    late = await support.call(None, "GET", f"/tickets/{filed['number']}", params={"token": filed["token"]})
    assert late.status_code == 404


async def test_the_number_alone_the_neighbour_and_another_link_open_nothing(support):
    filed = await support.filed(support.mother)
    other = await support.filed()
    path = f"/tickets/{filed['number']}"
    unknown = f"/tickets/{other['number'][:2]}-999999-"
    answers = [
        await support.call(None, "GET", path),
        await support.call(support.stranger, "GET", path),
        await support.call(None, "GET", path, params={"token": other["token"]}),
        await support.call(None, "GET", path, params={"token": filed["token"][:-2]}),
        await support.call(support.mother, "GET", f"/tickets/{other['number']}"),
    ]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(404, "ticket_not_found")] * 5
    assert (await support.call(None, "GET", unknown + "x")).json()["code"] == "no_such_number"


async def test_what_is_no_number_is_no_such_number(support):
    for written in ("26-000001-", "x", "26-0000010-1", "%00", "٢٦-٠٠٠٠٠١-٣", "9" * 500, "26 000001 a"):
        answer = await support.call(None, "GET", f"/tickets/{written}")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_number"), written


async def test_a_wrong_check_digit_is_no_such_number_even_for_the_owner(support):
    """S-3: every single wrong digit is caught."""
    filed = await support.filed(support.mother)
    for place, digit in enumerate(filed["number"]):
        if digit == "-":
            continue
        wrong = filed["number"][:place] + str((int(digit) + 1) % 10) + filed["number"][place + 1 :]
        answer = await support.call(support.mother, "GET", f"/tickets/{wrong}")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_number")


async def test_own_tickets_are_paged_newest_first(support):
    numbers = [(await support.filed(support.mother))["number"] for _ in range(5)]
    await support.filed(support.stranger, email="x@zvonok.example")
    seen, after, pages = [], None, 0
    while True:
        params = {"limit": 2} | ({"after": after} if after else {})
        page = (await support.call(support.mother, "GET", "/tickets", params=params)).json()
        seen += [item["number"] for item in page["items"]]
        pages, after = pages + 1, page["next"]
        if after is None:
            break
    assert (seen, pages) == (numbers[::-1], 3)
    assert (await support.call(None, "GET", "/tickets")).status_code == 401
    bad = await support.call(support.mother, "GET", "/tickets", params={"after": "bm9uc2Vuc2U"})
    assert (bad.status_code, bad.json()["code"]) == (400, "invalid_cursor")
