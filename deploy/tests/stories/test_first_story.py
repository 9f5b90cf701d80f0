"""The first story: a mark reaches the family, a grandmother looks in and is let go, a ticket gets its number."""


def test_the_whole_story_plays(told) -> None:
    assert told.mark["value"] == "5"
    assert set(told.times) == {
        "post_to_inbox",
        "invite_to_inbox",
        "accept_to_read",
        "revoke_to_last_read",
        "ticket_to_mail",
    }
