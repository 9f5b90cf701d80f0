"""I-13: all of a bundle or nothing, and a second time nothing."""

from collections import Counter


async def test_i_13_a_school_becomes_events(identity, bundle, emitted):
    report = await identity.load(bundle)
    told = Counter(type(event).__name__ for event in await emitted(identity.database))
    assert told == {
        "SchoolOpened": 1,
        "SubjectOpened": 2,
        "ClassOpened": 2,
        "PupilEnrolled": 3,
        "AccountRegistered": 6,
        "ContactVerified": 6,
        "AccountReachable": 6,
        # The director, the deputy, one class teacher of two lessons.
        "StaffAssigned": 5,
        # The mother of two, the father of one, the pupil himself; the grandmother of nobody.
        "BindingGranted": 4,
    }
    assert report.events == sum(told.values())


async def test_i_13_repeated_import_changes_nothing(identity, bundle, emitted):
    await identity.load(bundle)
    before = len(await emitted(identity.database))
    report = await identity.load(bundle)
    assert not report.changed
    assert len(await emitted(identity.database)) == before
