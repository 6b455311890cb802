// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {PartnerWallets} from "./base/PartnerWallets.sol";
import {IAgreementRegistry} from "./interfaces/IAgreementRegistry.sol";
import {IDealRegistry} from "./interfaces/IDealRegistry.sol";
import {IPartnerRegistry} from "./interfaces/IPartnerRegistry.sol";
import {IRevenueLedger} from "./interfaces/IRevenueLedger.sol";
import {Entitlement} from "./libraries/Entitlement.sol";
import {PaymentHash} from "./libraries/PaymentHash.sol";
import {Plan} from "./libraries/Plan.sol";
import {Authorization} from "./types/Authorization.sol";
import {PackedBook} from "./types/PackedBook.sol";
import {Tranche} from "./types/Terms.sol";

/// @title What came in, and who is owed how much
/// @notice See {IRevenueLedger}.
contract RevenueLedger is PartnerWallets, AccessManaged, ReentrancyGuardTransient, IRevenueLedger {
    using SafeERC20 for IERC20;

    /// @inheritdoc IRevenueLedger
    uint256 public constant MAX_BATCH = 100;

    /// @notice Where the agreements are.
    IAgreementRegistry public immutable AGREEMENTS;
    /// @notice Where the deals are.
    IDealRegistry public immutable DEALS;

    /// @inheritdoc IRevenueLedger
    bool public depositsPaused;
    mapping(bytes32 book => PackedBook) private _books;
    /// @dev The agreement's root, kept here from a book's first payment on: a claim then needs no second contract.
    mapping(bytes32 book => bytes32) private _roots;
    mapping(bytes32 book => mapping(address account => uint256)) private _claimed;
    /// @inheritdoc IRevenueLedger
    mapping(address payer => mapping(bytes32 invoiceRef => bytes32)) public paymentOf;

    /// @param consortium the access manager that says who may pause and resume deposits
    constructor(IPartnerRegistry partners, IAgreementRegistry agreements, IDealRegistry deals, address consortium)
        EIP712("Partnership Ledger Revenue", "1")
        PartnerWallets(partners)
        AccessManaged(consortium)
    {
        AGREEMENTS = agreements;
        DEALS = deals;
    }

    /// @inheritdoc IRevenueLedger
    function bookOf(bytes32 agreement, address token) external view nonReentrantView returns (Book memory) {
        PackedBook book = _books[_bookId(agreement, token)];
        return Book(
            uint128(book.released()),
            uint40(book.validFrom()),
            uint40(book.validUntil()),
            uint32(book.holdSeconds()),
            uint8(book.clawback()),
            book.exists()
        );
    }

    /// @inheritdoc IRevenueLedger
    function claimedOf(bytes32 agreement, address token, address account) external view returns (uint256) {
        return _claimed[_bookId(agreement, token)][account];
    }

    /// @inheritdoc IRevenueLedger
    function claimableOf(address account, address token, Share calldata share)
        external
        view
        nonReentrantView
        returns (uint256)
    {
        return _claimable(_bookId(share.agreement, token), account, share);
    }

    /// @inheritdoc IRevenueLedger
    function pay(bytes32 agreement, address token, Invoice calldata invoice) external nonReentrant {
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
        _pay(_walletOf(account), agreement, token, invoice);
    }

    /// @inheritdoc IRevenueLedger
    function payBatch(address token, Bundle[] calldata bundles) external nonReentrant {
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
        _payBatch(_walletOf(account), token, bundles);
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
        if (depositsPaused) revert DepositsArePaused();
        depositsPaused = true;
        _emit2(abi.encode(_source(2), DepositsPaused.selector, msg.sender, 0, 0));
    }

    /// @inheritdoc IRevenueLedger
    function resumeDeposits() external restricted {
        if (!depositsPaused) revert DepositsAreNotPaused();
        depositsPaused = false;
        _emit2(abi.encode(_source(2), DepositsResumed.selector, msg.sender, 0, 0));
    }

    function _pay(address payer, bytes32 agreement, address token, Invoice calldata invoice) private {
        if (depositsPaused) revert DepositsArePaused();
        bytes32 id = _bookId(agreement, token);
        PackedBook book = _openBook(id, agreement, token);
        uint256 received = _collect(payer, token, invoice.amount);
        _enter(payer, agreement, token, book, invoice, received);
        _release(id, book, received);
    }

    function _payBatch(address payer, address token, Bundle[] calldata bundles) private {
        if (depositsPaused) revert DepositsArePaused();
        uint256 count;
        uint256 total;
        for (uint256 i; i < bundles.length; ++i) {
            bytes32 agreement = bundles[i].agreement;
            Invoice[] calldata invoices = bundles[i].invoices;
            bytes32 id = _bookId(agreement, token);
            PackedBook book = _openBook(id, agreement, token);
            uint256 sum;
            for (uint256 k; k < invoices.length; ++k) {
                Invoice calldata invoice = invoices[k];
                _enter(payer, agreement, token, book, invoice, invoice.amount);
                sum += invoice.amount;
            }
            count += invoices.length;
            total += sum;
            _release(id, book, sum);
        }
        if (count == 0 || count > MAX_BATCH) revert BatchSizeInvalid(count);
        uint256 received = _collect(payer, token, total);
        if (received != total) revert ReceivedOther(total, received);
    }

    function _release(bytes32 id, PackedBook book, uint256 amount) private {
        if (book.released() + amount > type(uint128).max) revert TotalTooLarge(book.released() + amount);
        _books[id] = book.add(amount);
    }

    function _bookId(bytes32 agreement, address token) private pure returns (bytes32) {
        return Hashes.efficientKeccak256(agreement, bytes32(uint256(uint160(token))));
    }

    /// @dev The book of an agreement and token, copied from the agreement registry when it is first used.
    function _openBook(bytes32 id, bytes32 agreement, address token) private returns (PackedBook book) {
        book = _books[id];
        if (!book.exists()) {
            book = AGREEMENTS.newBookOf(agreement, token);
            if (!book.exists()) revert TokenNotAccepted(agreement, token);
            _roots[id] = AGREEMENTS.rootOf(agreement);
        }
        if (block.timestamp < book.validFrom()) revert NotYetValid(agreement, book.validFrom());
    }

    /// @dev Pulls tokens and says how many arrived. Only ever from the caller or from whoever signed for it.
    function _collect(address payer, address token, uint256 amount) private returns (uint256 received) {
        uint256 before = _balance(token);
        IERC20(token).safeTransferFrom(payer, address(this), amount);
        return _balance(token) - before;
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
        uint256 amount
    ) private {
        bytes32 invoiceRef = invoice.invoiceRef;
        if (amount == 0 || amount > type(uint128).max) revert AmountInvalid(invoiceRef, amount);
        mapping(bytes32 => bytes32) storage payments = paymentOf[payer];
        if (payments[invoiceRef] != 0) revert InvoicePaid(payer, invoiceRef);
        bytes32 deal = invoice.deal;
        _requireTimely(agreement, book, deal);
        uint40 maturesAt = uint40(block.timestamp);
        payments[invoiceRef] = PaymentHash.record(agreement, token, deal, amount, maturesAt);
        _emit3(
            abi.encode(
                _source(3), PaymentReceived.selector, agreement, payer, token, deal, amount, invoiceRef, maturesAt, 0, 0
            )
        );
    }

    /// @dev Revenue of a deal that was won under the agreement is owed beyond the agreement's end.
    function _requireTimely(bytes32 agreement, PackedBook book, bytes32 deal) private view {
        if (deal == 0) {
            if (block.timestamp > book.validUntil()) revert AgreementEnded(agreement, book.validUntil());
            return;
        }
        if (DEALS.wonUnder(deal) != agreement) revert DealNotWon(agreement, deal);
    }

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
        amount = _claimable(id, account, share);
        if (amount == 0) return 0;
        _claimed[id][account] += amount;
        _emit3(abi.encode(_source(3), Claimed.selector, agreement, account, token, recipient, amount, 0, 0));
    }

    function _payOut(address account, address recipient, address token, uint256 amount) private {
        // The ledger's own balance is everybody's: sent to itself, a claim would be gone.
        if (recipient == address(0) || recipient == address(this)) revert RecipientInvalid();
        if (amount == 0) revert NothingToClaim(account);
        IERC20(token).safeTransfer(recipient, amount);
    }

    function _claimable(bytes32 id, address account, Share calldata share) private view returns (uint256) {
        uint64[] calldata weights = share.weights;
        Tranche[] calldata tranches = share.tranches;
        bytes32 root =
            Plan.agreementRoot(Plan.planRootFrom(tranches, account, weights, share.proof), share.conditionsHash);
        if (root != _roots[id]) {
            // Before the first payment the registry knows the root; and there is nothing to claim.
            if (root != AGREEMENTS.rootOf(share.agreement)) revert ShareInvalid(share.agreement, account);
            return 0;
        }
        return Entitlement.earned(tranches, weights, _books[id].released()) - _claimed[id][account];
    }
}
