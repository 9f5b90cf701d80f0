"""Expected failures of delegation."""

from typing import Any

from shared.http import Conflict, Forbidden, NotFound, Problem, Text, TooManyRequests, Unprocessable


class ChildNotFound(NotFound):
    """Unknown, left, or nothing to this caller: the answer does not say which."""

    code = "child_not_found"
    title = Text(ru="Ребёнок не найден", en="Child not found")
    detail = Text(
        ru="Такого ребёнка нет или его дневник вам не открыт.",
        en="There is no such child, or the diary is not open to you.",
    )


class LevelTwoRequired(Forbidden):
    """The caller reads this diary but may not hand it on (I-19, D-1)."""

    code = "level_two_required"
    title = Text(ru="Приглашать может законный представитель с полным доступом", en="Full access is required")
    detail = Text(
        ru="Ваш доступ к дневнику позволяет только чтение. Полный доступ подтверждает классный руководитель.",
        en="Your access to this diary is read-only. The class teacher can confirm full access.",
    )


class InvitationNotFound(NotFound):
    """Unknown, or none of this caller's business."""

    code = "invitation_not_found"
    title = Text(ru="Приглашение не найдено", en="Invitation not found")
    detail = Text(
        ru="Такого приглашения нет или оно адресовано не вам.",
        en="There is no such invitation, or it is not addressed to you.",
    )


class InvitationOver(Problem):
    """Cancelled or lapsed; which of the two is not said to the invitee (D-4)."""

    code = "invitation_over"
    status = 410
    title = Text(ru="Приглашение больше не действует", en="The invitation is no longer valid")
    detail = Text(
        ru="Попросите пригласить вас ещё раз.",
        en="Ask to be invited again.",
    )


class NotYoursToMove(Forbidden):
    """Accepting and declining is the invitee's, cancelling the representative's (D-6)."""

    code = "not_yours_to_move"
    title = Text(ru="Это решаете не вы", en="This is not yours to decide")
    detail = Text(
        ru="Принимает и отклоняет приглашение приглашённый, отменяет — законный представитель ребёнка.",
        en="The invitee accepts or declines an invitation; a representative of the child cancels it.",
    )


class MoveNotAllowed(Conflict):
    """The present state does not allow the move; `state` and `allowed` say what it allows (D-6)."""

    code = "move_not_allowed"
    title = Text(ru="Сейчас это сделать нельзя", en="This cannot be done now")
    detail = Text(ru="Текущее состояние: {state}. Возможно: {moves}.", en="Present state: {state}. Possible: {moves}.")

    def __init__(self, state: str, allowed: tuple[str, ...]) -> None:
        members: dict[str, Any] = {"state": state, "allowed": list(allowed)}
        super().__init__(members=members, state=state, moves=", ".join(allowed) or "—")


class ContactNotProved(Forbidden):
    """The account no longer bears the contact or the surname that was invited (D-4)."""

    code = "contact_not_proved"
    title = Text(ru="Контакт не подтверждён", en="The contact is not proved")
    detail = Text(
        ru="Приглашение отправлено на контакт и фамилию, которых в вашем личном кабинете сейчас нет.",
        en="The invitation went to a contact and a surname that your profile does not have now.",
    )


class CannotInviteYourself(Unprocessable):
    """The contact is the inviter's own."""

    code = "cannot_invite_yourself"
    title = Text(ru="Это ваш собственный контакт", en="This is your own contact")


class AlreadyInvited(Conflict):
    """The same addressee has a waiting invitation to this child."""

    code = "already_invited"
    title = Text(ru="Приглашение уже отправлено", en="Already invited")
    detail = Text(
        ru="Такое приглашение уже ждёт ответа. Чтобы отправить новое, отмените прежнее.",
        en="The same invitation is waiting for an answer. Cancel it to send another one.",
    )


class AlreadyTrusted(Conflict):
    """The invitee reads this diary by another invitation."""

    code = "already_trusted"
    title = Text(ru="Доступ уже есть", en="Access is there already")
    detail = Text(
        ru="Этот дневник уже открыт вам по другому приглашению.",
        en="This diary is open to you by another invitation.",
    )


class TooManyTrusted(Conflict):
    """At most five at a time (D-8)."""

    code = "too_many_trusted"
    title = Text(ru="Доверенных лиц уже {limit}", en="There are {limit} trusted persons already")
    detail = Text(
        ru="У ребёнка может быть не больше {limit} доверенных лиц. Отзовите один из доступов.",
        en="A child has at most {limit} trusted persons. Revoke one of them first.",
    )


class TooManyInvitations(TooManyRequests):
    """At most ten a day from one inviter (D-8)."""

    code = "too_many_invitations"
    title = Text(ru="Слишком много приглашений", en="Too many invitations")
    detail = Text(
        ru="Не больше {limit} приглашений за сутки. Повторите через {retry_after} с.",
        en="At most {limit} invitations in 24 hours. Try again in {retry_after} s.",
    )


class TermNotAllowed(Unprocessable):
    """From today on, at most twelve months (D-6)."""

    code = "term_not_allowed"
    title = Text(ru="Неверный срок доступа", en="The term is not allowed")
    detail = Text(
        ru="Последний день доступа — от {first} до {last}.",
        en="The last day of access is between {first} and {last}.",
    )


class GrantNotFound(NotFound):
    """Unknown, or none of this caller's business."""

    code = "grant_not_found"
    title = Text(ru="Доступ не найден", en="Grant not found")
    detail = Text(
        ru="Такого доступа нет или он к вам не относится.",
        en="There is no such grant, or it is none of yours.",
    )
