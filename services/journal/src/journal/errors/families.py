"""What families do: notices of absence, homework, announcements, calendar feeds, signatures, their own data."""

from shared.http import Conflict, Forbidden, NotFound, TemporarilyUnavailable, Text, Unprocessable


class NotYourChild(Forbidden):
    """Reading a diary is not speaking for the child (J-21)."""

    code = "not_your_child"
    title = Text(ru="Предупредить об отсутствии может только родитель", en="Only a parent gives notice of an absence")
    detail = Text(
        ru="Нужны права законного представителя второго уровня.",
        en="This needs the rights of a representative of level 2.",
    )


class NoticeDaysWrong(Unprocessable):
    """A notice is given beforehand and for a bounded time (J-21)."""

    code = "notice_days_wrong"
    title = Text(ru="Проверьте дни отсутствия", en="Check the days of the absence")
    detail = Text(
        ru="Первый день — не раньше {today}, последний — не раньше первого, всего не больше {days} дней подряд.",
        en="The first day is not before {today}, the last not before the first, and at most {days} days in a row.",
    )


class TooManyNotices(Conflict):
    """Each notice is told to the class teacher, so there is an end to them (J-21)."""

    code = "too_many_notices"
    title = Text(ru="Предупреждений об отсутствии уже слишком много", en="There are too many notices already")
    detail = Text(
        ru="У ученика их {most}, считая с сегодняшнего дня. Сначала отзовите лишние.",
        en="The pupil has {most} of them from today on. Withdraw those that are not needed first.",
    )


class NoticeNotFound(NotFound):
    """Unknown, of another pupil, or withdrawn already."""

    code = "notice_not_found"
    title = Text(ru="Такого предупреждения нет", en="There is no such notice")


class NoticeHasBegun(Conflict):
    """A notice is withdrawn before its first day (J-21)."""

    code = "notice_has_begun"
    title = Text(ru="Отозвать уже нельзя", en="It is too late to withdraw")
    detail = Text(
        ru="Отсутствие начинается {first_day}: отозвать предупреждение можно было накануне. Скажите классному"
        " руководителю.",
        en="The absence begins on {first_day}: the notice could be withdrawn until the day before. Tell the class"
        " teacher.",
    )


class HomeworkNotFound(NotFound):
    """Unknown, taken back, or of a class this caller has nothing to do with."""

    code = "homework_not_found"
    title = Text(ru="Задание не найдено", en="Homework not found")
    detail = Text(
        ru="Такого задания нет, его отменили или журнал этого класса вам не открыт.",
        en="There is no such homework, it was taken back, or the journal of its class is not open to you.",
    )


class PupilsOwn(Forbidden):
    """Homework is ticked off by the pupil alone (J-1)."""

    code = "pupils_own"
    title = Text(ru="Это делает только сам ученик", en="Only the pupil does this")
    detail = Text(
        ru="Отметить задание выполненным может только сам ученик.",
        en="Homework is ticked off by the pupil, by nobody else.",
    )


class ViewersNotYours(Forbidden):
    """Who looked into a diary is told to representatives of level 2 alone (J-2)."""

    code = "viewers_not_yours"
    title = Text(ru="Кто смотрел дневник, видит только родитель", en="Only a parent sees who looked into the diary")
    detail = Text(
        ru="Нужны права законного представителя второго уровня.",
        en="This needs the rights of a representative of level 2.",
    )


class AnnouncementNotFound(NotFound):
    """Unknown, taken back, or not for this caller."""

    code = "announcement_not_found"
    title = Text(ru="Объявление не найдено", en="Announcement not found")
    detail = Text(
        ru="Такого объявления нет, его отозвали или оно не для вас.",
        en="There is no such announcement, it was taken back, or it is not for you.",
    )


class NotYoursToAnnounce(Forbidden):
    """A class is told by its teachers, a parallel by the direction (J-26)."""

    code = "not_yours_to_announce"
    title = Text(ru="Сюда объявляет кто-то другой", en="Others announce here")
    detail = Text(
        ru="Классу объявляют его учителя, параллели и школе — завучи и директор.",
        en="A class is told by its teachers, a parallel and the school by deputies and the director.",
    )


class FeedNotFound(NotFound):
    """Unknown, taken back, or its owner may no longer see this timetable."""

    code = "feed_not_found"
    title = Text(ru="Такого календаря нет", en="There is no such calendar")
    detail = Text(
        ru="Адрес неверен, отозван, или это расписание вам больше не открыто. Новый адрес можно получить в дневнике.",
        en="The address is wrong or taken back, or this timetable is no longer open to you. The diary makes a new one.",
    )


class TooManyFeeds(Conflict):
    """An account has as many addresses as it may."""

    code = "too_many_feeds"
    title = Text(ru="Слишком много адресов календаря", en="Too many calendar addresses")
    detail = Text(
        ru="Их не больше {most}: сначала отзовите те, которыми не пользуетесь.",
        en="There are at most {most}: take back those that you do not use.",
    )


class NotYoursToSign(Forbidden):
    """A week is signed by representatives of level 2 (J-1)."""

    code = "not_yours_to_sign"
    title = Text(ru="Подписать неделю вы не можете", en="You cannot sign the week")
    detail = Text(
        ru="Дневник подписывает законный представитель с полным доступом.",
        en="The diary is signed by a representative with full access.",
    )


class WeekNotOver(Conflict):
    """The present week is signed from its Friday on, a coming one not at all (J-32)."""

    code = "week_not_over"
    title = Text(ru="Неделя ещё не закончилась", en="The week is not over")
    detail = Text(ru="Подписать её можно с пятницы, {friday}.", en="It can be signed from Friday on, {friday}.")


class PageChanged(Conflict):
    """The page is no longer what was shown to the signer; `page_hash` is what it is now."""

    code = "page_changed"
    title = Text(ru="Страница дневника изменилась", en="The page has changed")
    detail = Text(
        ru="Пока вы подписывали, в дневнике появились изменения. Посмотрите неделю ещё раз и подпишите её.",
        en="While you were signing, the diary changed. Look at the week once more and sign it.",
    )


class ProofNotForThisPage(Forbidden):
    """The password or code was given for another page, or for none (J-32)."""

    code = "proof_not_for_this_page"
    title = Text(ru="Подтвердите подпись паролем", en="Confirm the signature by your password")
    detail = Text(
        ru="Пароль или код нужно ввести именно для этой страницы дневника.",
        en="The password or code has to be given for this very page of the diary.",
    )


class SignatureNotFound(NotFound):
    """Unknown, or of a diary that is not open to this caller."""

    code = "signature_not_found"
    title = Text(ru="Подпись не найдена", en="Signature not found")


class SigningNotSetUp(TemporarilyUnavailable):
    """The service was started without its keys for seals."""

    code = "signing_not_set_up"
    title = Text(ru="Подпись временно недоступна", en="Signing is not available at the moment")


class NotYourOwnData(Forbidden):
    """Whoever may look into a diary does not thereby take all of it along (J-34)."""

    code = "not_your_own_data"
    title = Text(ru="Выгрузить данные может только семья", en="Only the family exports these data")
    detail = Text(
        ru="Все данные об ученике выгружает он сам или его законный представитель.",
        en="All data about a pupil are exported by the pupil or a legal representative.",
    )
