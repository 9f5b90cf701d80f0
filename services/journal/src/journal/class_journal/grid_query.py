"""The statement of the grid (J-35): cells and column heads come from PostgreSQL as finished JSON.

A page has a thousand marks with a dozen values each. As rows they would be decoded, wrapped, checked and written out
again, each step for each value; here nobody touches them between the table and the socket. Their shape is told by
`grid_answers`, and a test holds what is sent against it.
"""

# The plan is made once for all pages, so that nothing is planned anew for each request; therefore PostgreSQL does not
# know how many rows there will be. What is `MATERIALIZED` at least is never computed twice, and cells find their
# lesson's place by `array_position`: a join would hold every mark against every lesson. The pupils are an array for the
# same reason: joined, they may each be held against all marks of the school.
# Texts are joined by ||, for json_build_object looks up each value's type for each row; what may hold quotes goes
# through to_json. Finished ones leave as bytes, so that nobody decodes them only to encode them again.
# `written` is everything that counts for averages, also marks from the class that a pupil was in before; `shown` are
# the lessons that have a column.
GRID = """
    WITH shown AS MATERIALIZED (
      SELECT l.lesson_id, l.date, l.number, l.starts_at, l.topic, l.teacher_id, l.version, l.group_id,
             l.cancelled_at IS NOT NULL AS cancelled, c.attendance_taken_at,
             EXISTS (
               SELECT FROM unnest($10::date[], $11::date[]) AS span (first, last)
               WHERE l.date BETWEEN span.first AND span.last
             ) AS closed
      FROM lessons l
      LEFT JOIN journal_columns c ON c.school_id = l.school_id AND c.lesson_id = l.lesson_id
      WHERE l.school_id = $1 AND l.class_id = $2 AND l.subject_id = $3
        AND l.date BETWEEN $4 AND $5 AND ($6 OR l.lesson_id = ANY ($7))
    ), placed AS MATERIALIZED (
      SELECT array_agg(lesson_id ORDER BY date, number, lesson_id) AS ids FROM shown
    ), here AS MATERIALIZED (
      SELECT p.pupil_id, p.surname, p.given_name, p.patronymic,
             row_number() OVER (ORDER BY p.surname, p.given_name, p.pupil_id) AS position
      FROM pupils p WHERE p.school_id = $1 AND p.class_id = $2 AND p.left_on IS NULL
    ), forms AS MATERIALIZED (
      SELECT * FROM control_forms WHERE school_id = $1
    ), written AS MATERIALIZED (
      SELECT m.pupil_id, m.lesson_id, m.mark_id, m.date, m.posted_at, m.author_id, f.weight, f.category,
             spot.place, CASE WHEN m.value IN ('1', '2', '3', '4', '5') THEN m.value::int END AS number,
             CASE WHEN spot.place IS NOT NULL THEN
               '{"mark_id":"' || m.mark_id || '","version":' || m.version || ',"value":"' || m.value
               || '","control_form_id":"' || m.control_form_id || '","author_id":"' || m.author_id
               || '","posted_at":' || replace(to_json(m.posted_at)::text, '+00:00', 'Z') || ',"changed_at":'
               || coalesce(replace(to_json(m.changed_at)::text, '+00:00', 'Z'), 'null') || ',"comment":'
               || coalesce(to_json(m.comment)::text, 'null') || '}' END AS told
      FROM marks m
      JOIN forms f ON f.control_form_id = m.control_form_id
      CROSS JOIN LATERAL (SELECT array_position((SELECT ids FROM placed), m.lesson_id) AS place) spot
      WHERE m.school_id = $1 AND m.pupil_id = ANY (ARRAY(SELECT pupil_id FROM here)) AND m.subject_id = $3
        AND m.date BETWEEN $4 AND $5 AND m.removed_at IS NULL
    ), missed AS MATERIALIZED (
      SELECT b.pupil_id, b.lesson_id, b.kind, b.recorded_at,
             array_position((SELECT ids FROM placed), b.lesson_id) AS place,
             json_build_object('kind', b.kind, 'reason', b.reason, 'minutes', b.minutes,
               'has_notice', b.notice_id IS NOT NULL, 'version', b.version)::text AS told
      FROM absences b
      WHERE b.school_id = $1 AND b.pupil_id = ANY (ARRAY(SELECT pupil_id FROM here)) AND b.subject_id = $3
        AND b.date BETWEEN $4 AND $5 AND b.removed_at IS NULL
    ), lines AS MATERIALIZED (
      SELECT pupil_id, string_agg(told, ',' ORDER BY place) AS told
      FROM (
        SELECT pupil_id, place,
               '{"lesson_id":"' || lesson_id || '","marks":['
               || coalesce(string_agg(told, ',' ORDER BY posted_at, mark_id) FILTER (WHERE part = 'mark'), '')
               || '],"absence":' || coalesce(max(told) FILTER (WHERE part = 'absence'), 'null') || ',"points":['
               || coalesce(string_agg(told, ',' ORDER BY posted_at, mark_id) FILTER (WHERE part = 'point'), '')
               || ']}' AS told
        FROM (
          SELECT 'mark' AS part, pupil_id, lesson_id, place, mark_id, posted_at, told FROM written
          UNION ALL
          SELECT 'absence', pupil_id, lesson_id, place, NULL, NULL, told FROM missed
          UNION ALL
          SELECT 'point', p.pupil_id, p.lesson_id, array_position((SELECT ids FROM placed), p.lesson_id), p.point_id,
                 NULL, json_build_object('point_id', p.point_id, 'kind', p.kind, 'control_form_id', p.control_form_id,
                   'due_on', p.due_on, 'comment', p.comment, 'state', p.state, 'version', p.version)::text
          FROM points p WHERE p.school_id = $1 AND p.lesson_id IN (SELECT lesson_id FROM shown)
        ) parts
        WHERE place IS NOT NULL
        GROUP BY pupil_id, place, lesson_id
      ) cells
      GROUP BY pupil_id
    ), sums AS MATERIALIZED (
      SELECT pupil_id, sum(number * weight) AS products, sum(weight) AS weights,
             sum(number) FILTER (WHERE category = 'control') AS control,
             count(*) FILTER (WHERE category = 'control') AS controls,
             sum(number) FILTER (WHERE category = 'class') AS class,
             count(*) FILTER (WHERE category = 'class') AS classes,
             sum(number) FILTER (WHERE category = 'home') AS home,
             count(*) FILTER (WHERE category = 'home') AS homes,
             sum(number * weight) FILTER (WHERE nth_last <= $8) AS products_lately,
             sum(weight) FILTER (WHERE nth_last <= $8) AS weights_lately
      FROM (
        SELECT pupil_id, number, weight, category,
               row_number() OVER (PARTITION BY pupil_id ORDER BY date DESC, posted_at DESC, mark_id DESC) AS nth_last
        FROM written WHERE number IS NOT NULL
      ) counted
      GROUP BY pupil_id
    ), absent AS MATERIALIZED (
      SELECT pupil_id, count(*) AS lessons FROM missed WHERE kind = 'absent' GROUP BY pupil_id
    ), noticed AS MATERIALIZED (
      SELECT n.pupil_id, string_agg('{"first_day":"' || n.first_day || '","last_day":"' || n.last_day || '"}', ','
               ORDER BY n.first_day, n.notice_id) AS told
      FROM absence_notices n
      WHERE n.school_id = $1 AND n.pupil_id = ANY (ARRAY(SELECT pupil_id FROM here)) AND n.last_day >= $4
        AND n.first_day <= $5 AND n.withdrawn_at IS NULL
      GROUP BY n.pupil_id
    )
    SELECT position, convert_to('{"pupil_id":"' || here.pupil_id || '","surname":' || to_json(surname)
             || ',"given_name":' || to_json(given_name)
             || ',"patronymic":' || coalesce(to_json(patronymic)::text, 'null')
             || ',"cells":[' || coalesce(lines.told, '') || '],"absences":' || coalesce(absent.lessons, 0)
             || ',"notices":[' || coalesce(noticed.told, '') || ']', 'UTF8') AS told,
           products, weights, control, controls, class, classes, home, homes, products_lately, weights_lately
    FROM here
    LEFT JOIN lines USING (pupil_id)
    LEFT JOIN sums USING (pupil_id)
    LEFT JOIN absent USING (pupil_id)
    LEFT JOIN noticed USING (pupil_id)
    UNION ALL
    SELECT 0, convert_to('"control_forms":' || (
             SELECT coalesce(json_agg(json_build_object('control_form_id', control_form_id, 'name', name,
               'category', category, 'weight', weight, 'archived', archived_at IS NOT NULL)
               ORDER BY position, control_form_id), '[]')
             FROM forms
           ) || ',"authors":' || (
             SELECT coalesce(json_agg(json_build_object('person_id', person_id,
               'name', concat_ws(' ', surname, given_name, nullif(patronymic, ''))) ORDER BY person_id), '[]')
             FROM staff WHERE school_id = $1 AND person_id IN (SELECT author_id FROM written)
           ) || ',"groups":' || (
             SELECT coalesce(json_agg(json_build_object('group_id', g.group_id, 'title', g.title, 'members', (
               SELECT coalesce(json_agg(json_build_object('pupil_id', m.pupil_id, 'since', m.since,
                 'left_on', m.left_on) ORDER BY here.position), '[]')
               FROM group_members m JOIN here USING (pupil_id)
               WHERE m.school_id = $1 AND m.group_id = g.group_id
             )) ORDER BY g.title, g.group_id), '[]')
             FROM class_groups g WHERE g.school_id = $1 AND g.group_id IN (SELECT group_id FROM shown)
           ) || ',"columns":' || (
             SELECT coalesce(json_agg(json_build_object('lesson_id', lesson_id, 'date', date, 'number', number,
               'starts_at', starts_at, 'topic', topic, 'teacher_id', teacher_id, 'group_id', group_id, 'closed', closed,
               'cancelled', cancelled, 'version', version, 'may_edit', $12 AND NOT (closed OR cancelled),
               'may_take_attendance', $13 AND NOT (closed OR cancelled),
               'needs_reason', lesson_id IN (SELECT lesson_id FROM written WHERE posted_at < $9)
                 OR lesson_id IN (SELECT lesson_id FROM missed WHERE recorded_at < $9),
               'attendance_taken_at', replace(to_json(attendance_taken_at)::text, '+00:00', 'Z')::json)
               ORDER BY date, number, lesson_id), '[]')
             FROM shown
           ), 'UTF8'),
           NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    """
