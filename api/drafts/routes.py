"""``/v1/agreements/drafts``: terms collect signatures until they are in force."""

from fastapi import Response

from api.drafts import making, signing
from api.drafts.bodies import draft_body
from api.drafts.desk import OpenDesk, Reader, Writer, relaying
from api.drafts.listing import listed
from api.drafts.parties import DraftState
from api.drafts.privacy import require_own
from api.drafts.problems import (
    ALREADY_ACTIVE,
    ALREADY_SIGNED,
    DRAFT_PRIVATE,
    DRAFT_UNKNOWN,
    DRAFTS_FULL,
    NO_RELAYER,
    NONCE_SPENT,
    NOT_A_PARTY,
    SIGNATURE_EXPIRED,
    SIGNATURE_INVALID,
    SIGNATURES_MISSING,
    TERMS_INVALID,
)
from api.drafts.reading import find, look, read
from api.drafts.schemas import DraftBody, DraftList, DraftRequest, SignatureRequest
from api.http.routing import Router
from api.problem_schema import TAKES_A_BODY, problems
from api.problems import (
    ADDRESS_INVALID,
    NODE_UNAVAILABLE,
    NOT_ALLOWED,
    ORIGIN_REFUSED,
    Problem,
)
from api.visitor import SIGNED_IN
from ledger.chain.authorization import Authorization

router = Router(prefix="/v1/agreements/drafts", tags=["drafts"], lifespan=relaying)
_PRIVATE = {"Cache-Control": "no-store"}
_OWN = (*SIGNED_IN, NOT_ALLOWED, DRAFT_PRIVATE)
_OWN_WRITES = (*_OWN, ORIGIN_REFUSED)


@router.post(
    "",
    status_code=201,
    summary="Draft an agreement",
    responses=problems(
        *TAKES_A_BODY,
        *_OWN_WRITES,
        TERMS_INVALID,
        DRAFTS_FULL,
        NODE_UNAVAILABLE,
    ),
)
def draft_agreement(request: DraftRequest, writer: Writer, desk: OpenDesk, response: Response) -> DraftBody:
    """Takes terms, has the contract check them, and gives each party what it is to sign.

    The same terms give the same draft. It can be read by its parties and by the account that made it, once
    they have signed in, and by nobody else; its `id` is what is sent to them.
    """
    draft = making.make(
        desk.session,
        desk.registry,
        making.parse(request.terms),
        desk.doors.settings.unsigned_drafts,
        drafted_by=writer.account,
    )
    require_own(desk.session, desk.registry, draft, writer)
    response.headers.update(_PRIVATE)
    return draft_body(desk, read(desk.session, desk.registry, draft))


@router.get("", summary="List your drafts", responses=problems(*SIGNED_IN, NOT_ALLOWED, NODE_UNAVAILABLE))
def list_drafts(reader: Reader, desk: OpenDesk, response: Response) -> DraftList:
    """Drafts of agreements and amendments that your account is a party of, leaves, or has made, and that are
    not in force: who has signed, who is missing, and whether that is you.
    """
    response.headers.update(_PRIVATE)
    return listed(desk.session, desk.registry, reader)


@router.get("/{id}", summary="Show a draft", responses=problems(*_OWN, DRAFT_UNKNOWN, NODE_UNAVAILABLE))
def read_draft(id: str, reader: Reader, desk: OpenDesk, response: Response) -> DraftBody:
    """The terms in words and in full, who has signed, and what each of the others is to sign."""
    draft = find(desk.session, desk.registry, id)
    require_own(desk.session, desk.registry, draft, reader)
    reading = look(desk.session, desk.registry, draft, desk.doors.head)
    response.headers.update(_PRIVATE)
    return draft_body(desk, reading)


@router.post(
    "/{id}/signatures",
    status_code=201,
    summary="Sign a draft",
    responses=problems(
        *TAKES_A_BODY,
        *_OWN_WRITES,
        DRAFT_UNKNOWN,
        NOT_A_PARTY,
        ALREADY_ACTIVE,
        ALREADY_SIGNED,
        ADDRESS_INVALID,
        SIGNATURE_EXPIRED,
        NONCE_SPENT,
        SIGNATURE_INVALID,
        NODE_UNAVAILABLE,
    ),
)
def sign_draft(
    id: str, request: SignatureRequest, writer: Writer, desk: OpenDesk, response: Response
) -> DraftBody:
    """Stores a party's signature, once it is known that the contract will take it.

    The wallet's own key comes first, in whichever form a wallet writes its signature; then the wallet itself
    is asked (ERC-1271). It may be any party's: whoever may read the draft can hand it in, since the signature
    itself says whose it is. When it was the last one missing, this server puts the agreement in force, if it
    has a relayer's key.
    """
    require_own(desk.session, desk.registry, find(desk.session, desk.registry, id), writer)
    given = Authorization(request.nonce, request.deadline, request.signature)
    reading = signing.add(desk.session, desk.registry, id, request.account, given)
    if desk.activator is not None and reading.state is DraftState.READY:
        desk.activator.ask(id)
    response.headers.update(_PRIVATE)
    return draft_body(desk, reading)


@router.post(
    "/{id}/activation",
    status_code=202,
    summary="Try again to put an agreement in force",
    responses=problems(
        *TAKES_A_BODY, *_OWN_WRITES, DRAFT_UNKNOWN, SIGNATURES_MISSING, NO_RELAYER, NODE_UNAVAILABLE
    ),
)
def activate_draft(id: str, writer: Writer, desk: OpenDesk, response: Response) -> DraftBody:
    """Has the server's relayer try again. It is harmless: an agreement comes into force once."""
    draft = find(desk.session, desk.registry, id, lock=True)
    require_own(desk.session, desk.registry, draft, writer)
    reading = read(desk.session, desk.registry, draft)
    if reading.state is DraftState.COLLECTING:
        missing = ", ".join(party.account for party in reading.parties if not party.done)
        raise Problem(SIGNATURES_MISSING, f"Still to sign: {missing}.")
    if reading.state is DraftState.READY:
        if desk.activator is None:
            raise Problem(NO_RELAYER, "This server has no key to send transactions with.")
        draft.failure = draft.failure_hint = None
        desk.session.commit()
        desk.activator.ask(id)
    response.headers.update(_PRIVATE)
    return draft_body(desk, reading)
