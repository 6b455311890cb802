// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IAgreementRegistry} from "../../agreements/interfaces/IAgreementRegistry.sol";
import {Plan} from "../../agreements/libraries/Plan.sol";
import {IDealRegistry} from "../../deals/interfaces/IDealRegistry.sol";
import {PartnerWallets} from "../../partners/base/PartnerWallets.sol";
import {IPartnerRegistry} from "../../partners/interfaces/IPartnerRegistry.sol";
import {Consents} from "../../shared/base/Consents.sol";
import {AgreementId} from "../../shared/types/Ids.sol";
import {BookId, TotalId} from "../types/BookIds.sol";
import {Debt} from "../types/Books.sol";
import {Settled} from "../types/Divisions.sol";
import {PackedBook} from "../types/PackedBook.sol";

/// @title Everything that the revenue ledger keeps
/// @notice The ledger and {RevenueSettlement}, whose code it runs by delegation, see the same storage: none of it may be
/// declared elsewhere. (The access manager's address, which only the ledger has, lies behind it.) Bundles prove words of it by
/// their slots, which docs/bundle.md lists.
abstract contract RevenueState is PartnerWallets, Consents, ReentrancyGuardTransient {
    /// @notice An amount in token base units. A struct of one word, since the compiler then works out once where it is kept.
    struct Amount {
        uint256 value;
    }

    /// @notice What is kept of a payment, see {PaymentRecord}.
    struct Record {
        bytes32 value;
    }

    /// @notice Debts of an agreement in a token, in all and ever, and what revenue has netted of them.
    struct Owing {
        uint128 owed;
        uint128 served;
    }

    /// @notice How far the consents to a clawback are gathered that needs several calls.
    /// @param through the last payee whose consent there is: of those before it too
    /// @param until last second at which they count
    struct Gathered {
        address through;
        uint40 until;
    }

    /// @notice Where the agreements are.
    IAgreementRegistry public immutable AGREEMENTS;
    /// @notice Where the deals are.
    IDealRegistry public immutable DEALS;
    bytes32 private immutable _HOME;

    // The ledger writes some of this and its settlement the rest; Slither looks at one of the two at a time.
    // slither-disable-start uninitialized-state,unused-state,constable-states
    mapping(BookId book => PackedBook) internal _books;
    /// @dev What was released of one period, where there are periods.
    mapping(BookId book => mapping(uint256 period => uint256)) internal _released;
    /// @dev What an account had earned when it was last paid by itself (low half), and what is set aside for it (high half).
    mapping(TotalId total => mapping(address account => Amount)) internal _claimed;
    mapping(BookId book => mapping(uint256 day => Amount)) internal _held;
    /// @dev The days for which something is, or was, held. None is ever taken out: what is released leaves an empty day.
    mapping(BookId book => mapping(uint256 word => uint256 bits)) internal _heldDays;
    mapping(address payer => mapping(bytes32 invoiceRef => Record)) internal _payments;
    mapping(address payer => mapping(bytes32 invoiceRef => uint256)) internal _refundDue;
    /// @dev Debts by ruling. Those by consent are `_agreed`.
    mapping(BookId book => Owing) internal _owing;
    /// @dev Both kinds, in the order in which they came about.
    mapping(BookId book => Debt[]) internal _debts;
    /// @dev Debts by consent: apart, since only the revenue serves them whose payees all agreed.
    mapping(BookId book => Owing) internal _agreed;
    mapping(bytes32 action => Gathered) internal _gathered;
    mapping(TotalId total => Settled) internal _settled;
    /// @dev The last payee that the round under way came to; nobody while there is none, whatever it says.
    mapping(TotalId total => address) internal _through;
    // slither-disable-end uninitialized-state,unused-state,constable-states

    constructor(IPartnerRegistry partners, IAgreementRegistry agreements, IDealRegistry deals)
        EIP712("Partnership Ledger Revenue", "1")
        PartnerWallets(partners)
    {
        AGREEMENTS = agreements;
        DEALS = deals;
        _HOME = Plan.homeOf(address(agreements));
    }

    /// @dev Whether deposits are paused. Each deposit asks, and writes an entry.
    function _isPaused() internal view returns (bool) {
        return _isSwitchedOn();
    }

    /// @dev The agreement whose payees and conditions these are: none that there is, unless they are one's.
    function _idOf(bytes32 planRoot, bytes32 conditionsHash) internal view returns (AgreementId) {
        return Plan.idOf(_HOME, Plan.agreementRoot(planRoot, conditionsHash));
    }
}
