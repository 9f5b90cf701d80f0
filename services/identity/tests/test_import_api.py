"""Who may import a school over HTTP, and what comes back."""

import pytest

from identity.accounts.appoint_operator import NoSuchAccount, appoint_operator

URL = "/api/identity/v1/schools/imports"


@pytest.fixture
async def imported(identity, bundle):
    await identity.load(bundle)
    return bundle


async def post(identity, headers, content, **options):
    return await identity.http.post(URL, headers=headers, files={"bundle": ("b.zip", content)}, **options)


async def test_i_13_director_imports_own_school(identity, imported, known):
    headers = await identity.bearer("+79000000006", known.password)
    imported.row("users.csv", "usr-pupil")["familyName"] = "Белов"
    dry = await post(identity, headers, imported.zip(), params={"dry_run": "true"})
    wet = await post(identity, headers, imported.zip())
    again = await post(identity, headers, imported.zip())
    assert (dry.status_code, wet.status_code, again.status_code) == (200, 200, 200)
    assert dry.json()["dry_run"]
    assert dry.json()["counts"] == wet.json()["counts"]
    assert wet.json()["counts"]["people"] == {"added": 0, "changed": 1, "removed": 0}
    assert not again.json()["changed"]


async def test_i_13_a_directors_word_issues_no_accounts(identity, imported, known):
    headers = await identity.bearer("+79000000006", known.password)
    imported.row("users.csv", "usr-other").update(
        {"metadata.initialPassword": known.password, "phone": "+79009999999", "metadata.phoneProved": "1"}
    )
    answer = await post(identity, headers, imported.zip())
    assert answer.json()["counts"]["accounts"]["added"] == 0
    assert (await identity.sign_in("+79009999999", known.password)).status_code == 401


async def test_i_13_others_may_not(identity, imported, known, problem):
    for login in (known.mother_phone, known.teacher_email):
        answer = await post(identity, await identity.bearer(login, known.password), imported.zip())
        assert (answer.status_code, problem(answer)["code"]) == (403, "import_forbidden")
    assert (await post(identity, {}, imported.zip())).status_code == 401


async def test_i_13_a_new_school_needs_an_operator(identity, imported, known, problem):
    imported.row("orgs.csv", "org-school")["sourcedId"] = "org-second"
    for file, column in (("classes.csv", "schoolSourcedId"), ("roles.csv", "orgSourcedId")):
        for row in imported.files[file]:
            row[column] = "org-second"
    for row in imported.files["users.csv"]:
        row["username"] += "-2"
    headers = await identity.bearer("+79000000006", known.password)
    refused = await post(identity, headers, imported.zip())
    assert problem(refused)["code"] == "import_forbidden"
    await appoint_operator(identity.database.uow, identity.container.keys, "+79000000006", is_operator=True)
    assert (await post(identity, headers, imported.zip())).json()["counts"]["schools"]["added"] == 1
    with pytest.raises(NoSuchAccount):
        await appoint_operator(identity.database.uow, identity.container.keys, "nobody", is_operator=True)


@pytest.mark.parametrize(
    ("language", "message"), [("ru", "Это не номер телефона."), ("en", "This is not a phone number.")]
)
async def test_i_13_mistakes_as_problem(identity, imported, known, problem, language, message):
    headers = await identity.bearer("+79000000006", known.password)
    imported.row("users.csv", "usr-other")["phone"] = "1"
    answer = await post(identity, headers | {"Accept-Language": language}, imported.zip())
    document = problem(answer)
    assert (answer.status_code, document["code"], document["count"]) == (422, "bundle_refused", 1)
    assert document["errors"] == [
        {
            "file": "users.csv",
            "line": 10,
            "column": "phone",
            "rule": "phone",
            "field": "users.csv:10:phone",
            "code": "phone",
            "message": message,
        }
    ]


async def test_hostile_uploads(identity, imported, known):
    headers = await identity.bearer("+79000000006", known.password)
    assert (await post(identity, headers, b"not a zip")).status_code == 422
    assert (await identity.http.post(URL, headers=headers, json={"bundle": 1})).status_code == 422
    assert (await identity.http.post(URL, headers=headers, data={"bundle": "text"})).status_code == 422
    assert (await post(identity, headers, b"0" * 17 * 1024 * 1024)).status_code == 413
