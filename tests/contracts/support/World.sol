// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IAgreementRegistry} from "../../../contracts/agreements/interfaces/IAgreementRegistry.sol";
import {Payee, Rule, Terms, Tranche} from "../../../contracts/agreements/types/Terms.sol";
import {IDealRegistry} from "../../../contracts/deals/interfaces/IDealRegistry.sol";
import {IPartnerRegistry} from "../../../contracts/partners/interfaces/IPartnerRegistry.sol";
import {IRecoveries} from "../../../contracts/partners/interfaces/IRecoveries.sol";
import {IRegistration} from "../../../contracts/partners/interfaces/IRegistration.sol";
import {IPayments} from "../../../contracts/revenue/interfaces/IPayments.sol";
import {IRevenueLedger} from "../../../contracts/revenue/interfaces/IRevenueLedger.sol";
import {Share} from "../../../contracts/revenue/types/Books.sol";
import {Invoice} from "../../../contracts/revenue/types/Payments.sol";
import {Authorization} from "../../../contracts/shared/types/Authorization.sol";
import {AgreementId, NO_DEAL, ProgrammeId} from "../../../contracts/shared/types/Ids.sol";
import {Consortium} from "./Consortium.sol";
import {Plans} from "./Plans.sol";
import {TypedData} from "./TypedData.sol";
import {vm} from "./Vm.sol";

interface IMintable is IERC20 {
    function mint(address account, uint256 amount) external;
}

/// @title The four contracts, a consortium, a token, and what every test needs to write terms and sign them
/// @dev The contracts are deployed from their own artifacts, compiled as they are released; the tests see interfaces.
abstract contract World {
    struct Partner {
        address account;
        uint256 key;
    }

    // The numbers that a deployment gives the roles.
    uint64 internal constant VERIFIER = 1;
    uint64 internal constant GUARDIAN = 2;
    uint64 internal constant OPERATOR = 3;
    uint64 internal constant RECOVERY = 4;
    uint40 internal constant START = 1_800_000_000;
    uint40 internal constant OPEN_ENDED = type(uint40).max;
    uint256 internal constant MAX_PAYEES = 1000;
    uint64 internal constant HALF = 0.5e18;

    Consortium internal consortium;
    IPartnerRegistry internal partners;
    IAgreementRegistry internal agreements;
    IDealRegistry internal deals;
    IRevenueLedger internal ledger;
    IMintable internal dollar;

    address internal verifier = address(0x7E41F7);
    address internal guardian = address(0x60A4D);
    address internal operator = address(0x09E4A);
    address internal recoverer = address(0x4EC0);
    address internal stranger = address(0x574A);

    uint256 private _nonce;

    function setUp() public virtual {
        vm.warp(START);
        consortium = new Consortium(address(this));
        partners = IPartnerRegistry(vm.deployCode("PartnerRegistry.sol:PartnerRegistry", abi.encode(consortium)));
        // The two name each other: the ledger comes fourth after the agreements.
        address predicted = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 4);
        agreements = IAgreementRegistry(
            vm.deployCode("AgreementRegistry.sol:AgreementRegistry", abi.encode(partners, predicted))
        );
        deals = IDealRegistry(vm.deployCode("DealRegistry.sol:DealRegistry", abi.encode(partners, agreements)));
        ledger = IRevenueLedger(
            vm.deployCode(
                "RevenueLedger.sol:RevenueLedger",
                abi.encode(partners, agreements, deals, _settlement("Settlement"), _settlement("Debts"), consortium)
            )
        );
        require(address(ledger) == predicted, "the ledger is elsewhere");
        dollar = IMintable(vm.deployCode("TestDollar.sol:TestDollar", ""));

        _allow(address(partners), IRegistration.attest.selector, VERIFIER);
        _allow(address(partners), IRegistration.revoke.selector, VERIFIER);
        _allow(address(ledger), IPayments.pauseDeposits.selector, GUARDIAN);
        _allow(address(ledger), IPayments.resumeDeposits.selector, OPERATOR);
        _allow(address(partners), IRecoveries.proposeRecovery.selector, RECOVERY);
        consortium.grantRole(RECOVERY, recoverer, 0);
        consortium.grantRole(VERIFIER, verifier, 0);
        consortium.grantRole(GUARDIAN, guardian, 0);
        consortium.grantRole(OPERATOR, operator, 0);
    }

    /// @dev A contract whose code the ledger runs.
    function _settlement(string memory name) private returns (address) {
        name = string.concat("Revenue", name);
        return vm.deployCode(string.concat(name, ".sol:", name), abi.encode(partners, agreements, deals));
    }

    function _allow(address target, bytes4 selector, uint64 role) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        consortium.setTargetFunctionRole(target, selectors, role);
    }

    // -- partners ----------------------------------------------------------------------------------------------------

    /// @dev A partner with an externally owned wallet.
    function _partner(string memory name) internal pure returns (Partner memory) {
        uint256 key = uint256(keccak256(bytes(name)));
        return Partner(vm.addr(key), key);
    }

    /// @dev The wallet that acts for an account: the account itself, where none is ever rotated.
    function _actingFor(address account) internal view virtual returns (address) {
        return account;
    }

    /// @dev Partners in the order in which terms list them.
    function _partners(uint256 count) internal pure returns (Partner[] memory list) {
        list = new Partner[](count);
        for (uint256 i; i < count; ++i) {
            Partner memory next = _partner(vm.toString(i));
            uint256 place = i;
            for (; place > 0 && list[place - 1].account > next.account; --place) {
                list[place] = list[place - 1];
            }
            list[place] = next;
        }
    }

    function _accounts(Partner[] memory list) internal pure returns (address[] memory accounts) {
        accounts = new address[](list.length);
        for (uint256 i; i < list.length; ++i) {
            accounts[i] = list[i].account;
        }
    }

    /// @dev Two accounts in the order in which terms list them.
    function _pair(address one, address other) internal pure returns (address[] memory accounts) {
        accounts = new address[](2);
        (accounts[0], accounts[1]) = one < other ? (one, other) : (other, one);
    }

    // -- terms -------------------------------------------------------------------------------------------------------

    /// @dev Terms by which these partners are parties, and payees of equal shares (the first one takes the remainder).
    function _terms(Partner[] memory list) internal view returns (Terms memory terms) {
        terms = _terms(_accounts(list), _equalShares(_accounts(list)));
    }

    function _terms(address[] memory parties, Payee[] memory payees) internal view returns (Terms memory terms) {
        terms.parties = parties;
        terms.payees = payees;
        terms.tranches = new Tranche[](1);
        terms.tranches[0].upTo = type(uint256).max;
        terms.tokens = new address[](1);
        terms.tokens[0] = address(dollar);
        terms.validFrom = START;
        terms.validUntil = OPEN_ENDED;
        terms.decisionSeconds = 14 days;
        terms.exclusivitySeconds = 90 days;
        terms.paymentSeconds = 30 days;
        terms.documentHash = keccak256("document");
        terms.uri = "https://partners.example/agreements/7";
    }

    function _equalShares(address[] memory accounts) internal pure returns (Payee[] memory payees) {
        uint256 count = accounts.length;
        uint64[] memory weights = new uint64[](count);
        for (uint256 i; i < count; ++i) {
            weights[i] = uint64(1e18 / count);
        }
        weights[0] += uint64(1e18 % count);
        return _payees(accounts, weights);
    }

    function _payees(address[] memory accounts, uint64[] memory weights) internal pure returns (Payee[] memory payees) {
        payees = new Payee[](accounts.length);
        for (uint256 i; i < accounts.length; ++i) {
            payees[i].account = accounts[i];
            payees[i].weights = new uint64[](1);
            payees[i].weights[0] = weights[i];
        }
    }

    function _programme(Partner memory owner, uint96 number) internal returns (ProgrammeId) {
        vm.prank(owner.account);
        return agreements.createProgramme(owner.account, number, "Programme", Rule.FirstRegistered);
    }

    /// @dev The same terms as an amendment of themselves: a successor that changes nothing but its name.
    function _successorOf(Terms memory terms) internal view returns (Terms memory successor) {
        successor = abi.decode(abi.encode(terms), (Terms));
        successor.predecessor = agreements.agreementId(terms);
        successor.validFrom = uint40(block.timestamp);
    }

    // -- signatures --------------------------------------------------------------------------------------------------

    function _freshNonce() internal returns (uint256) {
        return uint64(uint256(keccak256(abi.encode("nonce", _nonce++)))); // as long as the command line's
    }

    /// @dev An authorization of this nonce that still lacks its signature; it expires in an hour.
    function _unsigned(uint256 nonce) internal view returns (Authorization memory) {
        return Authorization(nonce, block.timestamp + 1 hours, "");
    }

    function _signature(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _acceptance(Partner memory party, Terms memory terms) internal returns (Authorization memory signed) {
        signed = _unsigned(_freshNonce());
        bytes32 action = TypedData.acceptance(party.account, terms, signed.nonce, signed.deadline);
        signed.signature = _signature(party.key, TypedData.digest(address(agreements), action));
    }

    function _acceptances(Partner[] memory parties, Terms memory terms) internal returns (Authorization[] memory list) {
        list = new Authorization[](parties.length);
        for (uint256 i; i < parties.length; ++i) {
            list[i] = _acceptance(parties[i], terms);
        }
    }

    /// @dev Puts terms in force that all these partners sign.
    function _activate(Partner[] memory parties, Terms memory terms) internal returns (AgreementId) {
        return agreements.activate(terms, _acceptances(parties, terms));
    }

    /// @dev Acceptances that say nothing: for an activation in which nobody has to sign.
    function _nobody(Terms memory terms) internal pure returns (Authorization[] memory) {
        return new Authorization[](terms.parties.length);
    }

    /// @dev Puts terms in force that every party accepts by its own transaction.
    function _agree(Terms memory terms) internal returns (AgreementId) {
        for (uint256 i; i < terms.parties.length; ++i) {
            vm.prank(_actingFor(terms.parties[i]));
            agreements.accept(terms.parties[i], terms, type(uint40).max);
        }
        return agreements.activate(terms, _nobody(terms));
    }

    /// @dev Puts an amendment in force that every party of both versions accepts by its own transaction.
    function _amend(Terms memory terms, Terms memory predecessor) internal returns (AgreementId) {
        address[] memory leaving = _leaving(terms, predecessor);
        for (uint256 i; i < terms.parties.length; ++i) {
            vm.prank(_actingFor(terms.parties[i]));
            agreements.accept(terms.parties[i], terms, type(uint40).max);
        }
        for (uint256 i; i < leaving.length; ++i) {
            vm.prank(_actingFor(leaving[i]));
            agreements.accept(leaving[i], terms, type(uint40).max);
        }
        return agreements.amend(terms, _nobody(terms), Plans.opening(predecessor), new Authorization[](leaving.length));
    }

    /// @dev The predecessor's parties that are not the successor's.
    function _leaving(Terms memory terms, Terms memory predecessor) internal pure returns (address[] memory leaving) {
        uint256 count;
        address[] memory all = new address[](predecessor.parties.length);
        for (uint256 i; i < all.length; ++i) {
            bool stays;
            for (uint256 k; k < terms.parties.length; ++k) {
                stays = stays || terms.parties[k] == predecessor.parties[i];
            }
            if (!stays) all[count++] = predecessor.parties[i];
        }
        leaving = new address[](count);
        for (uint256 i; i < count; ++i) {
            leaving[i] = all[i];
        }
    }

    // -- money -------------------------------------------------------------------------------------------------------

    /// @dev Gives a payer tokens and the ledger its leave to take them.
    function _fund(address payer, uint256 amount) internal {
        dollar.mint(payer, amount);
        vm.prank(payer);
        dollar.approve(address(ledger), type(uint256).max);
    }

    function _invoice(uint256 amount, bytes32 invoiceRef) internal pure returns (Invoice memory) {
        return Invoice(NO_DEAL, amount, invoiceRef);
    }

    function _pay(address payer, AgreementId agreement, uint256 amount, bytes32 invoiceRef) internal {
        vm.prank(payer);
        ledger.pay(agreement, address(dollar), _invoice(amount, invoiceRef));
    }

    function _only(Share memory share) internal pure returns (Share[] memory shares) {
        shares = new Share[](1);
        shares[0] = share;
    }

    function _share(Terms memory terms, uint256 payee) internal view returns (Share memory) {
        return Plans.share(terms, agreements.agreementId(terms), payee);
    }
}
