"""Carries out what the engine asks for, inside the turn's transaction; results come back as events."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import assert_never

from appeals import deadlines, steps
from appeals.appeal import Applicant, Draft, Representative, missing
from appeals.calendar import ALMATY
from appeals.kinds import Kind
from appeals.lifecycle import Status
from appeals.matters import Matter, matter_of
from appeals.personal_data import withdrawal_due
from appeals.reference import Reference, find_reference, new_secret
from appeals.repeats import says_the_same
from bot.app import matters
from bot.app.carrying import CARRIED, Carrying
from bot.app.done import Done
from bot.app.erasure import erase
from bot.app.errors import InvalidInput, WrongAction
from bot.app.links import Links
from bot.app.moves import CITIZEN, Moves, full_view, view
from bot.app.office_hours import OfficeHours
from bot.app.ports import FileStore, RateLimiter, Renderer, UnitOfWork
from bot.app.ratings import rating
from bot.app.records import (
    AppealRecord,
    AppealStep,
    ConsentRecord,
    Conversation,
    Follow,
    LearningSample,
    OneTimePage,
    SampleSource,
    Withdrawal,
    WithdrawalState,
)
from bot.app.seal import Seal
from bot.app.selection import Order, Selection
from dialogs import effects
from dialogs.effects import DataCategory, Effect
from dialogs.events import (
    AnswerRated,
    AppealChanged,
    AppealFiled,
    AppealNotRepeated,
    AppealRecalled,
    AppealRefused,
    AppealRepeated,
    AppealsFound,
    AppealView,
    ChangeRefused,
    ConsentWithdrawn,
    DataErased,
    DetailsFound,
    Event,
    LookUpsExceeded,
    MatterFollowed,
    PageOpened,
    Passed,
    Queued,
    SameMatterFound,
)
from dialogs.model import Knowledge, Mode
from dialogs.progress import ANSWERED, CHALLENGED, GIVEN_BACK
from dialogs.replies import say
from dialogs.rules import Rules
from integrations.dto import CREATED
from text.bilingual import Bilingual

SIGNED = Bilingual("Жолданымға ЭЦҚ қойылды.", "Обращение подписано ЭЦП.")
SIGNED_ALREADY = Bilingual("Жолданымға бұрын қол қойылған.", "Обращение уже подписано.")


@dataclass(frozen=True, slots=True)
class Effects:
    """The effects' handlers."""

    knowledge: Knowledge
    rules: Rules
    hours: OfficeHours
    limiter: RateLimiter
    files: FileStore
    renderer: Renderer
    seal: Seal
    links: Links
    moves: Moves
    carrying: Carrying
    new_id: Callable[[], str]

    async def carry_out(
        self, work: UnitOfWork, conversation: Conversation, effect: Effect, event: Event
    ) -> Done:
        """Do one effect of `event`'s turn. Everything it writes stands or falls with the turn."""
        now = event.at
        match effect:
            case effects.JoinQueue():
                joined = replace(
                    conversation,
                    queued_at=conversation.queued_at or now,
                    urgent=conversation.urgent or effect.urgent,
                    reason=effect.reason,
                    summary=effect.summary,
                    wait_offered=False,
                )
                return await self._queued(work, await work.conversations.save(joined), event)
            case effects.AskQueue():
                return await self._queued(work, conversation, event)
            case effects.LeaveQueue():
                left = replace(conversation, holder=None, queued_at=None, urgent=False, reason="", summary="")
                return Done(left)
            case effects.KeepContact(contact=contact):
                return Done(replace(conversation, contact=contact))
            case effects.FileAppeal():
                return Done(conversation, await self._file(work, conversation, effect, event))
            case effects.FindRepetition():
                repeated = await self._repetition(work, conversation, effect, event)
                return Done(conversation, repeated or AppealNotRepeated(f"{event.id}:not_repeated", now))
            case effects.FindSameMatter() | effects.FollowMatter() | effects.UnfollowMatter():
                return Done(conversation, await self._matter(work, conversation, effect, event))
            case (
                effects.RecallAppeal()
                | effects.FindAppeals()
                | effects.LookUpAppeal()
                | effects.SupplementAppeal()
                | effects.WithdrawAppeal()
                | effects.ShowDetails()
                | effects.RateAnswer()
            ):
                return Done(conversation, await self._registry(work, conversation, effect, event))
            case effects.RecordConsent():
                await work.consents.add(await self._consent(work, conversation, effect, now))
                return Done(conversation)
            case effects.OpenPage():
                return await self._open_page(work, conversation, effect, event)
            case effects.TakeDraft(link=link):
                return await self.carrying.take(work, conversation, link, event)
            case effects.WithdrawConsent(version=version):
                return await self._withdraw(work, conversation, version, event)
            case effects.EraseData(categories=categories):
                return await self._erase(work, conversation, categories, event)
            case (
                effects.CountFeedback()
                | effects.KeepCorrection()
                | effects.KeepWording()
                | effects.ForgetWordings()
            ):
                await self._learn(work, conversation, effect, now)
                return Done(conversation)
            case _:
                assert_never(effect)

    async def _learn(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        effect: effects.CountFeedback | effects.KeepCorrection | effects.KeepWording | effects.ForgetWordings,
        now: datetime,
    ) -> None:
        match effect:
            case effects.CountFeedback(slug=slug, helpful=helpful):
                await work.feedback.answer_rated(
                    slug, helpful=helpful, locale=conversation.state.speaks, at=now
                )
            case effects.KeepCorrection(guessed=guessed, chosen=chosen):
                await work.feedback.guess_corrected(guessed, chosen, conversation.state.speaks, now)
            case effects.KeepWording():
                await work.samples.add(_sample(conversation, effect, now))
            case effects.ForgetWordings():
                await work.samples.forget(conversation.id)

    async def _consent(
        self, work: UnitOfWork, conversation: Conversation, effect: effects.RecordConsent, at: datetime
    ) -> ConsentRecord:
        if effect.carried_from:
            known = await work.consents.of_conversation(effect.carried_from)
            *_, given = (one for one in known if one.given and one.version == effect.version)
            return replace(given, conversation_id=conversation.id, at=at, actor=CARRIED)
        locale = conversation.state.speaks
        text = self.renderer.render(say(*effect.text), locale).text if effect.text else ""
        return ConsentRecord(
            conversation.id, effect.version, effect.given, locale, at, conversation.address.channel, text=text
        )

    async def _open_page(
        self, work: UnitOfWork, conversation: Conversation, effect: effects.OpenPage, event: Event
    ) -> Done:
        page_id, locale = self.new_id(), conversation.state.speaks
        carries = effect.kind is effects.PageKind.CARRY
        lifetime = self.rules.carry_lifetime if carries else self.rules.page_lifetime
        await work.pages.add(
            OneTimePage(
                id=page_id,
                token_hash=self.links.digest(self.links.token(page_id)),
                conversation_id=conversation.id,
                kind=effect.kind,
                locale=locale,
                created_at=event.at,
                expires_at=event.at + lifetime,
                fingerprint=effect.fingerprint,
                text=self.renderer.render(say(*effect.text), locale).text if effect.text else "",
            )
        )
        minutes = int(lifetime.total_seconds() // 60)
        return Done(conversation, PageOpened(f"{event.id}:page", event.at, effect.kind, page_id, minutes))

    async def _queued(self, work: UnitOfWork, conversation: Conversation, event: Event) -> Done:
        opened = self.hours.open_at(event.at)
        opens_at = None if opened else self.hours.next_opening(event.at)
        position = await work.conversations.position(conversation.id)
        return Done(conversation, Queued(f"{event.id}:queued", event.at, max(position, 1), opened, opens_at))

    async def _file(
        self, work: UnitOfWork, conversation: Conversation, effect: effects.FileAppeal, event: Event
    ) -> Event:
        lacking = tuple(part.field.rpartition(".")[2] for part in missing(effect.draft))
        if lacking:
            return AppealRefused(f"{event.id}:refused", event.at, lacking)
        if not effect.anyway and (repeated := await self._repetition(work, conversation, effect, event)):
            return repeated
        year = event.at.astimezone(ALMATY).year
        number = await work.appeals.next_number(year)
        secret = new_secret(secrets.token_bytes(16))
        consent = conversation.state.consent or ""
        appeal = AppealRecord(
            id=self.new_id(),
            reference=Reference.format(year, number),
            secret_hash=self.seal.of(secret),
            conversation_id=conversation.id,
            draft=effect.draft,
            body_name=effect.body.of(effect.locale),
            locale=effect.locale,
            status=Status.CREATED,
            synthetic=effect.synthetic,
            consent_version=consent,
            created_at=event.at,
            updated_at=event.at,
            channel=conversation.address.channel,
            matter=matter_of(effect.draft, self.knowledge.domain.territory),
            applicant_key=self._applicant_key(conversation, effect),
            parent_id=await self._complained_of(work, conversation, effect.draft),
        )
        filed = AppealStep(appeal.id, event.at, "file", Status.CREATED, CITIZEN)
        await work.appeals.add(appeal, filed)
        if effect.signature:
            await work.signatures.attach(effect.signature, appeal.id)
        await work.outbox.add(self.moves.dispatch.rows(appeal, CREATED, event.at))
        due = self.expected(effect.draft.kind or Kind.APPLICATION, event.at)
        return AppealFiled(
            f"{event.id}:filed",
            event.at,
            view(appeal),
            secret,
            due.on,
            due.article,
            signed=bool(effect.signature),
        )

    async def _repetition(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        effect: effects.FileAppeal | effects.FindRepetition,
        event: Event,
    ) -> Event | None:
        """An appeal of this conversation, or of the same person anywhere, that says the same and was not given back."""
        draft = effect.draft
        own = await work.appeals.of_conversation(conversation.id, self.rules.repeats_looked_at)
        number = draft.applicant.iin or draft.applicant.bin
        persons: Sequence[AppealRecord] = ()
        if number and not effect.synthetic:
            of_person = Selection(identities=(f"iin:{number}",))
            persons = await work.appeals.search(of_person, Order.RECEIVED, self.rules.repeats_looked_at)
        kept = (appeal for appeal in (*own, *persons) if appeal.status not in GIVEN_BACK)
        earlier = next((appeal for appeal in kept if says_the_same(draft, appeal.draft)), None)
        if earlier is None:
            return None
        shown = view(earlier) if earlier.conversation_id == conversation.id else None
        return AppealRepeated(f"{event.id}:repeated", event.at, shown)

    async def _registry(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        effect: effects.RecallAppeal
        | effects.FindAppeals
        | effects.LookUpAppeal
        | effects.SupplementAppeal
        | effects.WithdrawAppeal
        | effects.ShowDetails
        | effects.RateAnswer,
        event: Event,
    ) -> Event:
        match effect:
            case effects.ShowDetails() | effects.RateAnswer():
                return await self._looked_into(work, conversation, effect, event)
            case effects.RecallAppeal():
                return await self._recalled(work, conversation, effect, event)
            case effects.FindAppeals():
                found = await work.appeals.of_conversation(conversation.id, self.rules.status_shown)
                follows = tuple(map(matters.view, await work.follows.of_conversation(conversation.id)))
                shown = tuple([await full_view(work, appeal) for appeal in found])
                return AppealsFound(f"{event.id}:found", event.at, shown, follows=follows)
            case effects.LookUpAppeal():
                return await self._look_up(work, conversation, effect, event)
            case effects.SupplementAppeal() | effects.WithdrawAppeal():
                return await self._own_step(work, conversation, effect, event)

    async def _recalled(
        self, work: UnitOfWork, conversation: Conversation, effect: effects.RecallAppeal, event: Event
    ) -> Event:
        appeal = await work.appeals.find_by_reference(effect.reference)
        own = appeal is not None and appeal.conversation_id == conversation.id
        if appeal is None or not (own or effect.proved):
            return AppealsFound(f"{event.id}:found", event.at, (), asked_by_reference=True)
        decided = None
        if appeal.status in CHALLENGED:
            history = await work.appeals.steps(appeal.id)
            decided = next((step.at for step in history if step.status is appeal.status), appeal.updated_at)
        if effect.purpose is effects.Recall.SIGNATURE and await work.signatures.of_appeal(appeal.id):
            return ChangeRefused(f"{event.id}:refused", event.at, view(appeal), SIGNED_ALREADY)
        draft = appeal.draft
        if not own:
            draft = replace(
                draft,
                applicant=Applicant(),
                representative=Representative(),
                actual_address=None,
                attachments=(),
            )
        return AppealRecalled(
            f"{event.id}:recalled",
            event.at,
            await full_view(work, appeal, own=own),
            draft,
            decided.astimezone(ALMATY).date() if decided else None,
            effect.purpose,
            synthetic=own and appeal.synthetic,
            files_left=draft.attachments != appeal.draft.attachments,
        )

    async def _matter(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        effect: effects.FindSameMatter | effects.FollowMatter | effects.UnfollowMatter,
        event: Event,
    ) -> Event | None:
        match effect:
            case effects.FindSameMatter(matter=matter):
                return await self._same_matter(work, conversation, matter, event)
            case effects.FollowMatter(matter=matter):
                since = event.at - self.rules.nearby_window
                follow = await work.follows.add(Follow(self.new_id(), conversation.id, matter, since))
                return MatterFollowed(f"{event.id}:followed", event.at, matters.view(follow))
            case effects.UnfollowMatter(follow_id=follow_id):
                await work.follows.end(conversation.id, follow_id)
                return None

    async def _same_matter(
        self, work: UnitOfWork, conversation: Conversation, matter: Matter, event: Event
    ) -> Event:
        crowd = await work.appeals.same_matter(
            matter,
            since=event.at - self.rules.nearby_window,
            except_of=conversation.id,
            synthetic=self.knowledge.office.mode is Mode.DEMO,
        )
        since = crowd.first.astimezone(ALMATY).date() if crowd.first else None
        return SameMatterFound(f"{event.id}:nearby", event.at, matter, crowd.people, since)

    def _applicant_key(self, conversation: Conversation, effect: effects.FileAppeal) -> str:
        """The same for all appeals of a person; a made-up one is told apart by the conversation."""
        iin = effect.draft.applicant.iin
        return self.seal.of(f"applicant {iin}") if iin and not effect.synthetic else conversation.id

    async def _complained_of(self, work: UnitOfWork, conversation: Conversation, draft: Draft) -> str | None:
        """The citizen's own appeal a complaint is about: the two belong together at the desk."""
        reference = find_reference(draft.complaint.earlier or "") if draft.kind is Kind.COMPLAINT else None
        earlier = await work.appeals.find_by_reference(reference) if reference else None
        return earlier.id if earlier and earlier.conversation_id == conversation.id else None

    async def _own_step(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        effect: effects.SupplementAppeal | effects.WithdrawAppeal,
        event: Event,
    ) -> Event:
        """The citizen's own step. The secret is not enough for it: it takes the conversation the appeal came from."""
        refused = f"{event.id}:refused"
        step: steps.Step = steps.Withdraw()
        note = ""
        appeal = await work.appeals.find_by_reference(effect.reference)
        if appeal is None or appeal.conversation_id != conversation.id:
            return ChangeRefused(refused, event.at, None)
        signature = ""
        if isinstance(effect, effects.SupplementAppeal):
            step, note = steps.Supplement((effect.file,) if effect.file else ()), effect.text
            signature = effect.signature
        if signature and await work.signatures.of_appeal(appeal.id) is not None:
            return ChangeRefused(refused, event.at, view(appeal), SIGNED_ALREADY)
        if signature:
            note = SIGNED.of(appeal.locale)
        try:
            moved = await self.moves.take(work, appeal, step, actor=CITIZEN, note=note, at=event.at)
        except (WrongAction, InvalidInput) as error:
            return ChangeRefused(refused, event.at, view(appeal), error.told)
        if signature:
            await work.signatures.attach(signature, appeal.id)
        return AppealChanged(
            f"{event.id}:moved",
            event.at,
            await full_view(work, moved.appeal),
            note,
            moved.step,
            own=True,
            signed=bool(signature),
        )

    def expected(self, kind: Kind, at: datetime) -> deadlines.Due:
        """The legal date if the appeal were registered as soon as the law says from `at` on."""
        registered = deadlines.registration_date(at, self.knowledge.calendar)
        return deadlines.consideration(kind, registered, self.knowledge.calendar)

    async def _looked_into(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        effect: effects.ShowDetails | effects.RateAnswer,
        event: Event,
    ) -> Event:
        found = await work.appeals.find_by_reference(effect.reference)
        own = found is not None and found.conversation_id == conversation.id
        appeal = found if own or effect.proved else None
        if isinstance(effect, effects.ShowDetails):
            steps = passed(await work.appeals.steps(appeal.id)) if appeal else []
            shown = await full_view(work, appeal, own=own) if appeal else None
            return DetailsFound(f"{event.id}:details", event.at, shown, tuple(steps), own)
        rated = None
        if appeal is not None and appeal.status in ANSWERED:
            await work.ratings.put(rating(appeal, effect.score, effect.word, event.at))
            rated = view(appeal)
        return AnswerRated(f"{event.id}:rated", event.at, rated, effect.score, effect.word)

    async def _look_up(
        self, work: UnitOfWork, conversation: Conversation, effect: effects.LookUpAppeal, event: Event
    ) -> Event:
        wait = await self.limiter.hit(
            f"status:{conversation.id}", limit=self.rules.status_attempts, window=self.rules.status_window
        )
        if wait is not None:
            return LookUpsExceeded(f"{event.id}:exceeded", event.at)
        appeal = await work.appeals.find_by_reference(effect.reference)
        own = appeal is not None and appeal.conversation_id == conversation.id
        found: tuple[AppealView, ...] = ()
        if appeal and (own or self.seal.fits(effect.secret, appeal.secret_hash)):
            found = (await full_view(work, appeal, own=own),)
        return AppealsFound(f"{event.id}:found", event.at, found, asked_by_reference=True)

    async def _erase(
        self, work: UnitOfWork, conversation: Conversation, categories: tuple[DataCategory, ...], event: Event
    ) -> Done:
        kept = await work.appeals.of_conversation(conversation.id, 1000)
        count = await erase(work, self.files, conversation.id, categories)
        if DataCategory.CONTACT in categories:
            conversation = replace(conversation, contact="")
        if DataCategory.MESSAGES in categories:
            waits = conversation.queued_at if conversation.holder else None
            conversation = replace(conversation, summary="", reason="", queued_at=waits)
        return Done(conversation, DataErased(f"{event.id}:erased", event.at, count, len(kept), categories))

    async def _withdraw(
        self, work: UnitOfWork, conversation: Conversation, version: str, event: Event
    ) -> Done:
        filed = len(await work.appeals.of_conversation(conversation.id, 1000))
        channel = conversation.address.channel
        await work.consents.add(
            ConsentRecord(conversation.id, version, False, conversation.state.speaks, event.at, channel)
        )
        due = withdrawal_due(event.at.astimezone(ALMATY).date(), self.knowledge.calendar)
        asked = Withdrawal(self.new_id(), conversation.id, channel, event.at, due)
        if not filed:  # all there was has stopped already
            asked = replace(asked, state=WithdrawalState.STOPPED, decided_at=event.at, decided_by="system")
        await work.withdrawals.add(asked)
        return Done(conversation, ConsentWithdrawn(f"{event.id}:withdrawn", event.at, filed, due))


def _sample(conversation: Conversation, wording: effects.KeepWording, at: datetime) -> LearningSample:
    return LearningSample(
        conversation_id=conversation.id,
        text=wording.text,
        guessed=wording.guessed,
        chosen=wording.chosen,
        source=SampleSource.CITIZEN,
        language=wording.language,
        locale=conversation.state.speaks,
        day=at.astimezone(UTC).date(),
    )


def passed(steps: Sequence[AppealStep]) -> list[Passed]:
    """An appeal's steps as the citizen may see them: without who took them."""
    return [Passed(step.at, step.status, step.note, step.said) for step in steps]
