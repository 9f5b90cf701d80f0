"""What delegation keeps of schools, however much identity says of one at the same moment."""

from shared.contracts.identity import ClassOpened, SubjectOpened
from shared.ops.ids import new_id


async def test_a_schools_zone_is_kept_beside_its_classes_and_subjects(delegation, family):
    """An import says all of it at once, in one stream: what came first counts as much as what came last."""
    school_id = family.school_id
    await delegation.hear(
        family.school("Asia/Yekaterinburg"),
        SubjectOpened(school_id=school_id, subject_id=new_id(), source_id="crs", title="Алгебра"),
        ClassOpened(school_id=school_id, class_id=new_id(), source_id="cls", grade=7, name="7А"),
    )
    zone = "SELECT time_zone FROM schools WHERE school_id = :school"
    assert await delegation.scalar(zone, school=school_id) == "Asia/Yekaterinburg"
    await delegation.hear(family.school("Europe/Samara"))
    assert await delegation.scalar(zone, school=school_id) == "Europe/Samara"
