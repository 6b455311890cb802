// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {ForwardedSettlement} from "./base/ForwardedSettlement.sol";
import {RevenueBooks} from "./base/RevenueBooks.sol";
import {IAgreementRegistry} from "../agreements/interfaces/IAgreementRegistry.sol";
import {IDealRegistry} from "../deals/interfaces/IDealRegistry.sol";
import {IPartnerRegistry} from "../partners/interfaces/IPartnerRegistry.sol";
import {IRevenueLedger} from "./interfaces/IRevenueLedger.sol";
import {DaySet} from "./libraries/DaySet.sol";
import {Entitlement} from "./libraries/Entitlement.sol";
import {PaymentHash} from "./libraries/PaymentHash.sol";
import {PaymentRecord} from "./libraries/PaymentRecord.sol";
import {Plan} from "../agreements/libraries/Plan.sol";
import {RulingHash} from "./libraries/RulingHash.sol";
import {Authorization} from "../shared/types/Authorization.sol";
import {PackedBook} from "./types/PackedBook.sol";
import {CLAWBACK_INHERITED, NATIVE_COIN} from "../agreements/types/Terms.sol";

/// @title What came in, and who is owed how much
/// @notice See {IRevenueLedger}. Payments, refunds by the payer, and claims are here; what is seldom used is in
/// {RevenueSettlement}.
contract RevenueLedger is RevenueBooks, AccessManaged, ForwardedSettlement {
    using SafeERC20 for IERC20;
    using DaySet for mapping(uint256 word => uint256 bits);

    /// @inheritdoc IRevenueLedger
    uint256 public constant MAX_BATCH = 100;
    /// @inheritdoc IRevenueLedger
    uint256 public constant RULING_SECONDS = MOST_RULING_SECONDS;

    /// @notice Where the deals are.
    IDealRegistry public immutable DEALS;

    /// @param consortium the access manager that says who may pause and resume deposits
    constructor(IPartnerRegistry partners, IAgreementRegistry agreements, IDealRegistry deals, address consortium)
        RevenueBooks(partners, agreements)
        ForwardedSettlement(partners, agreements)
        AccessManaged(consortium)
    {
        DEALS = deals;
    }

    /// @inheritdoc IRevenueLedger
    function depositsPaused() external view returns (bool) {
        return _paused;
    }

    /// @inheritdoc IRevenueLedger
    function paymentOf(address payer, bytes32 invoiceRef) external view returns (bytes32) {
        return _payments[payer][invoiceRef].value;
    }

    /// @inheritdoc IRevenueLedger
    function refundDue(address payer, bytes32 invoiceRef) external view returns (uint256) {
        return _refundDue[payer][invoiceRef];
    }

    /// @inheritdoc IRevenueLedger
    function bookOf(bytes32 agreement, address token) external view nonReentrantView returns (Book memory) {
        bytes32 id = _bookId(agreement, token);
        PackedBook book = _books[id];
        return Book(
            uint128(book.released()),
            uint40(book.validFrom()),
            uint40(book.validUntil()),
            uint16(book.holdDays()),
            uint16(book.periodDays()),
            uint8(book.clawback()),
            _owing[id].owed,
            _owing[id].served,
            book.exists()
        );
    }

    /// @inheritdoc IRevenueLedger
    function claimedOf(bytes32 agreement, address token, uint32 period, address account)
        external
        view
        returns (uint256)
    {
        bytes32 id = _bookId(agreement, token);
        return _claimed[_totalId(id, _books[id], period)][account].value;
    }

    /// @inheritdoc IRevenueLedger
    function releasedIn(bytes32 agreement, address token, uint32 period)
        external
        view
        nonReentrantView
        returns (uint256)
    {
        bytes32 id = _bookId(agreement, token);
        PackedBook book = _books[id];
        return book.periodDays() == 0 && period != 0 ? 0 : _totalOf(id, book, period);
    }

    /// @inheritdoc IRevenueLedger
    function heldUntil(bytes32 agreement, address token, uint40 maturesAt)
        external
        view
        nonReentrantView
        returns (uint256)
    {
        return maturesAt % 1 days == 0 ? _held[_bookId(agreement, token)][maturesAt / 1 days].value : 0;
    }

    /// @inheritdoc IRevenueLedger
    function debtOf(bytes32 agreement, address token, uint32 debt) external view returns (Debt memory) {
        Debt[] storage debts = _debts[_bookId(agreement, token)];
        if (debt == 0 || debt > debts.length) revert DebtUnknown(debt);
        return debts[debt - 1];
    }

    /// @inheritdoc IRevenueLedger
    function clawbackAction(address payer, bytes32 invoiceRef, uint256 refunded, uint256 amount)
        external
        pure
        returns (bytes32)
    {
        return RulingHash.clawback(payer, invoiceRef, refunded, amount);
    }

    /// @inheritdoc IRevenueLedger
    function claimableOf(address account, address token, Share calldata share)
        external
        view
        nonReentrantView
        returns (uint256)
    {
        bytes32 id = _bookId(share.agreement, token);
        PackedBook book = _books[id];
        if (!_isProven(id, book, account, share)) return 0;
        uint256 released = _totalOf(id, book, share.period);
        if (_isDue(book)) released += _dueIn(id, token, book, share);
        return _earned(share, released) - _claimed[_totalId(id, book, share.period)][account].value;
    }

    /// @inheritdoc IRevenueLedger
    function pay(bytes32 agreement, address token, Invoice calldata invoice) external payable nonReentrant {
        _pay(msg.sender, agreement, token, invoice);
    }

    /// @inheritdoc IRevenueLedger
    function payWithPermit(bytes32 agreement, address token, Invoice calldata invoice, Permit calldata permit)
        external
        nonReentrant
    {
        _show(permit, msg.sender, token);
        _pay(msg.sender, agreement, token, invoice);
    }

    /// @inheritdoc IRevenueLedger
    function payWithAuthorization(
        address account,
        bytes32 agreement,
        address token,
        Invoice calldata invoice,
        Authorization calldata authorization
    ) external nonReentrant {
        _spend(account, PaymentHash.pay(account, agreement, token, invoice, authorization), authorization);
        if (token == NATIVE_COIN) revert NativeCoinNotPulled();
        _pay(_walletOf(account), agreement, token, invoice);
    }

    /// @inheritdoc IRevenueLedger
    function payWithAuthorizationAndPermit(
        address account,
        bytes32 agreement,
        address token,
        Invoice calldata invoice,
        Authorization calldata authorization,
        Permit calldata permit
    ) external nonReentrant {
        _spend(account, PaymentHash.pay(account, agreement, token, invoice, authorization), authorization);
        address payer = _walletOf(account);
        _show(permit, payer, token);
        _pay(payer, agreement, token, invoice);
    }

    /// @inheritdoc IRevenueLedger
    function payBatch(address token, Bundle[] calldata bundles) external payable nonReentrant {
        _payBatch(msg.sender, token, bundles);
    }

    /// @inheritdoc IRevenueLedger
    function payBatchWithAuthorization(
        address account,
        address token,
        Bundle[] calldata bundles,
        Authorization calldata authorization
    ) external nonReentrant {
        _spend(account, PaymentHash.payBatch(account, token, bundles, authorization), authorization);
        if (token == NATIVE_COIN) revert NativeCoinNotPulled();
        _payBatch(_walletOf(account), token, bundles);
    }

    /// @inheritdoc IRevenueLedger
    function mature(bytes32 agreement, address token, uint256 most) external nonReentrant returns (uint256 days_) {
        PackedBook book = _books[_bookId(agreement, token)];
        if (_isDue(book)) (, days_) = _mature(agreement, token, book, most);
    }

    /// @inheritdoc IRevenueLedger
    function refund(Payment calldata payment, uint256 amount) external nonReentrant {
        address recipient = PARTNERS.successorOf(payment.payer);
        if (msg.sender != recipient) revert NotThePayer(payment.payer, msg.sender);
        _refund(payment, recipient, amount);
    }

    /// @inheritdoc IRevenueLedger
    function refundWithAuthorization(
        address account,
        Payment calldata payment,
        uint256 amount,
        Authorization calldata authorization
    ) external nonReentrant {
        if (PARTNERS.accountOf(payment.payer) != account) revert NotThePayer(payment.payer, account);
        _spend(account, PaymentHash.refund(account, payment, amount, authorization), authorization);
        _refund(payment, _walletOf(account), amount);
    }

    /// @inheritdoc IRevenueLedger
    function endBook(bytes32 agreement, address token, uint40 validUntil) external nonReentrant {
        if (msg.sender != address(AGREEMENTS)) revert NotTheAgreementRegistry(msg.sender);
        bytes32 id = _bookId(agreement, token);
        PackedBook book = _books[id];
        if (book.exists()) _books[id] = book.endingAt(validUntil);
    }

    /// @inheritdoc IRevenueLedger
    function claim(address account, address token, Share calldata share)
        external
        nonReentrant
        returns (uint256 amount)
    {
        address wallet = _walletOf(account);
        amount = _claimShare(account, wallet, token, share);
        _payOut(account, wallet, token, amount);
    }

    /// @inheritdoc IRevenueLedger
    function claimAcross(address account, address token, Share[] calldata shares)
        external
        nonReentrant
        returns (uint256 amount)
    {
        return _claimAcross(account, _walletOf(account), token, shares);
    }

    /// @inheritdoc IRevenueLedger
    function claimTo(address account, address recipient, address token, Share[] calldata shares)
        external
        nonReentrant
        returns (uint256 amount)
    {
        _requireWallet(account);
        return _claimAcross(account, recipient, token, shares);
    }

    /// @inheritdoc IRevenueLedger
    function claimToWithAuthorization(
        address account,
        address recipient,
        address token,
        Share[] calldata shares,
        Authorization calldata authorization
    ) external nonReentrant returns (uint256 amount) {
        _spend(account, PaymentHash.claimTo(account, recipient, token, shares, authorization), authorization);
        return _claimAcross(account, recipient, token, shares);
    }

    /// @inheritdoc IRevenueLedger
    function pauseDeposits() external restricted {
        if (_paused) revert DepositsArePaused();
        _paused = true;
        _emit2(abi.encode(_source(2), DepositsPaused.selector, msg.sender, 0, 0));
    }

    /// @inheritdoc IRevenueLedger
    function resumeDeposits() external restricted {
        if (!_paused) revert DepositsAreNotPaused();
        _paused = false;
        _emit2(abi.encode(_source(2), DepositsResumed.selector, msg.sender, 0, 0));
    }

    // -- payments ----------------------------------------------------------------------------------------------------

    /// @dev Shows the token a permit. Whether it took it is seen when the tokens are pulled: somebody else may have shown it
    /// before. It says who may pull tokens, never what they pay for.
    function _show(Permit calldata permit, address owner, address token) private {
        if (token == NATIVE_COIN) revert NativeCoinNotPulled();
        bytes memory call_ = abi.encodeCall(
            IERC20Permit.permit, (owner, address(this), permit.value, permit.deadline, permit.v, permit.r, permit.s)
        );
        assembly ("memory-safe") {
            // a token has no say in what comes back
            pop(call(gas(), token, 0, add(call_, 0x20), mload(call_), 0, 0))
        }
    }

    function _pay(address payer, bytes32 agreement, address token, Invoice calldata invoice) private {
        if (_paused) revert DepositsArePaused();
        bytes32 id = _bookId(agreement, token);
        PackedBook book = _openBook(id, agreement, token);
        uint256 received = _collect(payer, token, invoice.amount);
        uint256 maturesAt = _maturityOf(book);
        _enter(payer, agreement, token, book, invoice, received, maturesAt);
        _credit(id, agreement, token, book, received, maturesAt);
    }

    function _payBatch(address payer, address token, Bundle[] calldata bundles) private {
        if (_paused) revert DepositsArePaused();
        uint256 count;
        uint256 total;
        for (uint256 i; i < bundles.length; ++i) {
            bytes32 agreement = bundles[i].agreement;
            Invoice[] calldata invoices = bundles[i].invoices;
            bytes32 id = _bookId(agreement, token);
            PackedBook book = _openBook(id, agreement, token);
            uint256 maturesAt = _maturityOf(book);
            uint256 sum;
            for (uint256 k; k < invoices.length; ++k) {
                Invoice calldata invoice = invoices[k];
                _enter(payer, agreement, token, book, invoice, invoice.amount, maturesAt);
                sum += invoice.amount;
            }
            count += invoices.length;
            total += sum;
            _credit(id, agreement, token, book, sum, maturesAt);
        }
        if (count == 0 || count > MAX_BATCH) revert BatchSizeInvalid(count);
        uint256 received = _collect(payer, token, total);
        if (received != total) revert ReceivedOther(total, received);
    }

    /// @dev Now where there is no hold, else the beginning of the first day at least the hold later.
    function _maturityOf(PackedBook book) private view returns (uint256) {
        uint256 hold = book.holdDays();
        if (hold == 0) return block.timestamp;
        unchecked {
            // slither-disable-next-line divide-before-multiply: rounded up to a whole day on purpose
            return (block.timestamp + hold * 1 days + 1 days - 1) / 1 days * 1 days;
        }
    }

    /// @dev Adds revenue to its day, or, where it is released at once, to what is split.
    function _credit(bytes32 id, bytes32 agreement, address token, PackedBook book, uint256 amount, uint256 maturesAt)
        private
    {
        if (maturesAt != block.timestamp) return _hold(id, maturesAt / 1 days, amount);
        _books[id] = book.isPlain() ? _grown(book, amount) : _release(agreement, token, book, amount, maturesAt);
    }

    /// @dev The book of an agreement and token, copied from the agreement registry when it is first used.
    function _openBook(bytes32 id, bytes32 agreement, address token) private returns (PackedBook book) {
        book = _books[id];
        if (book.exists()) return book;
        // slither-disable-next-line calls-loop: our own registries, which call nobody; a batch is as long as its payer makes it
        book = AGREEMENTS.newBookOf(agreement, token);
        if (!book.exists()) revert TokenNotAccepted(agreement, token);
        if (block.timestamp < book.validFrom()) revert NotYetValid(agreement, book.validFrom());
        return _begin(id, agreement, token, book);
    }

    /// @dev Keeps what the first payment needs of the agreement: its root, and whether its revenue serves debts. Nothing is
    /// due before the day after the first payment.
    function _begin(bytes32 id, bytes32 agreement, address token, PackedBook book) private returns (PackedBook) {
        // slither-disable-next-line calls-loop: our own registries, which call nobody; a batch is as long as its payer makes it
        _roots[id] = AGREEMENTS.rootOf(agreement);
        if (book.clawback() & CLAWBACK_INHERITED != 0) book = book.owing(_owedBy(agreement, token, book) != 0);
        if (book.holdDays() != 0) _books[id] = book = book.releasedBefore(block.timestamp / 1 days + 1);
        return book;
    }

    /// @dev Takes what is paid and says how much arrived. Tokens are only ever pulled from the caller or from whoever signed
    /// for it.
    // slither-disable-next-line msg-value-in-nonpayable: `pay` and `payBatch` reach it and are payable
    function _collect(address payer, address token, uint256 amount) private returns (uint256 received) {
        if (token == NATIVE_COIN) {
            if (msg.value != amount) revert ValueInvalid(amount, msg.value);
            return amount;
        }
        if (msg.value != 0) revert ValueInvalid(0, msg.value);
        uint256 before = _balance(token);
        // slither-disable-next-line arbitrary-send-erc20: the payer is the caller or has signed for it
        IERC20(token).safeTransferFrom(payer, address(this), amount);
        unchecked {
            // Of a token that took instead of giving, more "arrived" than any payment can be: it is refused as such.
            return _balance(token) - before;
        }
    }

    /// @dev `IERC20(token).balanceOf(address(this))`, in the scratch space: each payment asks twice.
    function _balance(address token) private view returns (uint256 held) {
        bytes4 selector = IERC20.balanceOf.selector;
        bool answered;
        assembly ("memory-safe") {
            mstore(0x00, selector)
            mstore(0x04, address())
            answered := staticcall(gas(), token, 0x00, 0x24, 0x00, 0x20)
            answered := and(answered, gt(returndatasize(), 0x1f))
            held := mload(0x00)
        }
        if (!answered) revert BalanceUnknown(token);
    }

    /// @dev Records one invoice.
    function _enter(
        address payer,
        bytes32 agreement,
        address token,
        PackedBook book,
        Invoice calldata invoice,
        uint256 amount,
        uint256 maturesAt
    ) private {
        bytes32 invoiceRef = invoice.invoiceRef;
        if (amount == 0 || amount > type(uint128).max) revert AmountInvalid(invoiceRef, amount);
        Record storage record = _payments[payer][invoiceRef];
        if (record.value != 0) revert InvoicePaid(payer, invoiceRef);
        bytes32 deal = invoice.deal;
        _requireTimely(agreement, book, deal);
        record.value = PaymentRecord.paid(agreement, token, deal, amount, maturesAt);
        _emit3(
            abi.encode(
                _source(3), PaymentReceived.selector, agreement, payer, token, deal, amount, invoiceRef, maturesAt, 0, 0
            )
        );
    }

    /// @dev Revenue of a deal that was won under the agreement is owed beyond the agreement's end.
    function _requireTimely(bytes32 agreement, PackedBook book, bytes32 deal) private view {
        if (deal == 0) {
            if (block.timestamp > book.validUntil()) _refuseLate(agreement, book.validUntil());
            return;
        }
        // slither-disable-next-line calls-loop: our own registries, which call nobody; a batch is as long as its payer makes it
        if (DEALS.wonUnder(deal) != agreement) revert DealNotWon(agreement, deal);
    }

    function _refuseLate(bytes32 agreement, uint256 validUntil) private view {
        // slither-disable-next-line calls-loop: ends the batch
        IAgreementRegistry.Standing memory standing = AGREEMENTS.standingOf(agreement);
        if (standing.successor != 0 && block.timestamp >= standing.succeededFrom) {
            revert Superseded(standing.successor);
        }
        revert AgreementEnded(agreement, validUntil);
    }

    function _refund(Payment calldata payment, address recipient, uint256 amount) private {
        _requirePaid(payment);
        bytes32 invoiceRef = payment.invoiceRef;
        if (block.timestamp >= payment.maturesAt) revert HoldOver(invoiceRef, payment.maturesAt);
        uint256 left = payment.amount - payment.refunded;
        if (amount == 0 || amount > left) revert RefundInvalid(invoiceRef, amount, left);
        (bytes32 agreement, address token, address payer) = (payment.agreement, payment.token, payment.payer);
        _held[_bookId(agreement, token)][payment.maturesAt / 1 days].value -= amount;
        _payments[payer][invoiceRef].value = PaymentRecord.current(payment, payment.refunded + amount, 0);
        _emit3(abi.encode(_source(3), Refunded.selector, agreement, payer, token, invoiceRef, recipient, amount, 0, 0));
        _send(token, recipient, amount);
    }

    // -- claims ------------------------------------------------------------------------------------------------------

    function _claimAcross(address account, address recipient, address token, Share[] calldata shares)
        private
        returns (uint256 amount)
    {
        for (uint256 i; i < shares.length; ++i) {
            amount += _claimShare(account, recipient, token, shares[i]);
        }
        _payOut(account, recipient, token, amount);
    }

    function _claimShare(address account, address recipient, address token, Share calldata share)
        private
        returns (uint256 amount)
    {
        bytes32 agreement = share.agreement;
        bytes32 id = _bookId(agreement, token);
        PackedBook book = _books[id];
        if (!_isProven(id, book, account, share)) return 0;
        if (_isDue(book)) (book,) = _mature(agreement, token, book, MOST_DAYS);
        uint32 period = share.period;
        bool isWhole = book.periodDays() == 0;
        Amount storage claimed = _claimed[isWhole ? id : _periodId(id, period)][account];
        uint256 earned = _earned(share, isWhole ? book.released() : _released[id][period]);
        amount = earned - claimed.value;
        if (amount == 0) return 0;
        claimed.value = earned;
        _emit3(abi.encode(_source(3), Claimed.selector, agreement, account, token, period, recipient, amount, 0, 0));
    }

    function _payOut(address account, address recipient, address token, uint256 amount) private {
        // The ledger's own balance is everybody's: sent to itself, a claim would be gone.
        if (recipient == address(0) || recipient == address(this)) revert RecipientInvalid();
        if (amount == 0) revert NothingToClaim(account);
        _send(token, recipient, amount);
    }

    /// @dev Whether a share is proven against the book's root. Before the first payment the registry knows the root; and
    /// there is nothing to claim.
    function _isProven(bytes32 id, PackedBook book, address account, Share calldata share) private view returns (bool) {
        bytes32 root = Plan.agreementRoot(
            Plan.planRootFrom(share.tranches, account, share.weights, share.proof), share.conditionsHash
        );
        bool opened = root == _roots[id];
        // slither-disable-next-line calls-loop: our own registry; shares are as many as the claimant lists
        if (!opened && root != AGREEMENTS.rootOf(share.agreement)) revert ShareInvalid(share.agreement, account);
        if (share.period != 0 && opened && book.periodDays() == 0) revert ShareInvalid(share.agreement, account);
        return opened;
    }

    function _earned(Share calldata share, uint256 released) private pure returns (uint256) {
        return Entitlement.earned(share.tranches, share.weights, released);
    }

    /// @dev What is split: of the period where there are periods, else of the book.
    function _totalOf(bytes32 id, PackedBook book, uint256 period) private view returns (uint256) {
        return book.periodDays() == 0 ? book.released() : _released[id][period];
    }

    /// @dev Under what the claims on that total are kept.
    function _totalId(bytes32 id, PackedBook book, uint256 period) private pure returns (bytes32) {
        return book.periodDays() == 0 ? id : _periodId(id, period);
    }

    function _periodId(bytes32 id, uint256 period) private pure returns (bytes32) {
        return Hashes.efficientKeccak256(id, bytes32(period));
    }

    /// @dev What {_mature} would add to the share's total.
    function _dueIn(bytes32 id, address token, PackedBook book, Share calldata share)
        private
        view
        returns (uint256 due)
    {
        uint256 owed = book.owes() ? _owedBy(share.agreement, token, book) : 0;
        uint256 today = block.timestamp / 1 days;
        uint256 day = book.nextDay();
        for (uint256 i; i < MOST_DAYS; ++i) {
            day = _heldDays[id].next(day, today);
            if (day > today) break;
            uint256 amount = _held[id][day].value;
            if (book.released() + amount > type(uint128).max) break;
            uint256 part = owed < amount ? owed : amount;
            owed -= part;
            book = book.add(amount - part);
            if (book.periodDays() == 0 || _periodOf(book, day * 1 days) == share.period) due += amount - part;
            ++day;
        }
    }
}
