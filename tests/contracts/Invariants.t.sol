// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Book} from "../../contracts/revenue/types/Books.sol";
import {Handler} from "./support/Handler.sol";
import {MoneyActions} from "./support/MoneyActions.sol";
import {PartnerActions} from "./support/PartnerActions.sol";
import {SeldomActions} from "./support/SeldomActions.sol";
import {vm} from "./support/Vm.sol";

interface IMetering {
    function pauseGasMetering() external;
}

/// @dev The promises that must never break, after any actions in any order.
abstract contract Invariants {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Handler internal _handler;

    function setUp() public {
        _handler = new Handler();
        _handler.setUp();
    }

    /// @dev All that is drawn from.
    function _actions() internal pure returns (bytes4[30] memory) {
        return [
            MoneyActions.pay.selector,
            MoneyActions.payBatch.selector,
            MoneyActions.claim.selector,
            MoneyActions.claimAcross.selector,
            MoneyActions.distribute.selector,
            MoneyActions.refund.selector,
            MoneyActions.refundInDispute.selector,
            MoneyActions.dispute.selector,
            MoneyActions.rule.selector,
            MoneyActions.drop.selector,
            MoneyActions.clawBack.selector,
            MoneyActions.clawBackByConsent.selector,
            MoneyActions.settle.selector,
            PartnerActions.amend.selector,
            PartnerActions.giveNotice.selector,
            MoneyActions.donate.selector,
            PartnerActions.registerDeal.selector,
            PartnerActions.decideDeal.selector,
            PartnerActions.withdrawDeal.selector,
            PartnerActions.identify.selector,
            PartnerActions.rotate.selector,
            PartnerActions.recover.selector,
            PartnerActions.pauseOrResume.selector,
            SeldomActions.openEpoch.selector,
            SeldomActions.retag.selector,
            SeldomActions.approveByDefault.selector,
            SeldomActions.payWithPermit.selector,
            SeldomActions.paySignedBatch.selector,
            SeldomActions.changeOwner.selector,
            PartnerActions.passTime.selector
        ];
    }

    /// @dev In one run: conservation, consent, completeness. What is due is released first, so that held is held.
    function _requireAll() internal {
        _handler.requireJournals();
        _handler.requireConsent();
        for (uint256 i; i < _handler.versions(); ++i) {
            if (_handler.isHeld(i)) _mature(i);
        }
        _requireConserved();
    }

    /// @dev One version and token after the other: two that serve the same debts both foretell that they will, and only
    /// the first does.
    function _mature(uint256 version) private {
        for (uint256 k; k < _handler.TOKENS(); ++k) {
            address token = _handler.tokenAt(k);
            uint256 foretold = _claimable(version, token);
            _handler.matureVersion(version, token);
            vm.assertEq(_claimable(version, token), foretold, "a view foretells what a claim pays");
        }
    }

    function _claimable(uint256 version, address token) private view returns (uint256 sum) {
        for (uint256 p; p < _handler.periodsOf(version); ++p) {
            (,, uint256 claimable) = _handler.totals(version, token, p);
            sum += claimable;
        }
    }

    /// @dev Per token: the ledger holds exactly what it owes, the carries, and what was given to it.
    function _requireConserved() private view {
        (uint256[] memory held, uint256[] memory disputed) = _handler.waiting();
        for (uint256 k; k < _handler.TOKENS(); ++k) {
            address token = _handler.tokenAt(k);
            uint256 owed = _handler.donated(token) + _handler.refundsDue(token);
            for (uint256 i; i < _handler.versions(); ++i) {
                uint256 place = i * _handler.TOKENS() + k;
                Book memory book = _handler.bookAt(i, token);
                _requireReceived(i, token, book.released + held[place] + disputed[place]);
                owed += held[place] + disputed[place] + _unclaimed(i, token, book.released) + book.served
                + book.agreedServed;
            }
            vm.assertEq(_handler.balanceOfLedger(token) + _handler.debtsPaid(token), owed, "the ledger's balance");
        }
    }

    /// @dev Per agreement and token: received = claimed + claimable + held + disputed + refunded + netted + carry, with
    /// 0 <= carry < payees in each period.
    function _requireReceived(uint256 version, address token, uint256 there) private view {
        uint256 gone = _handler.refunded(version, token) + _handler.netted(version, token);
        vm.assertEq(there + gone, _handler.received(version, token), "received");
    }

    function _unclaimed(uint256 version, address token, uint256 total) private view returns (uint256 unclaimed) {
        uint256 payees = _handler.payeesOf(version);
        for (uint256 p; p < _handler.periodsOf(version); ++p) {
            (uint256 released, uint256 claimed, uint256 claimable) = _handler.totals(version, token, p);
            vm.assertLe(claimed + claimable, released, "owes more than it received");
            if (released != 0) vm.assertLt(released - claimed - claimable, payees, "carry");
            total -= released;
            unclaimed += released - claimed;
        }
        vm.assertEq(total, 0, "the periods' sum");
    }

    /// @dev No stuck money: after each run, all but the carry can leave.
    function _requireThatAllCanLeave() internal {
        _handler.payEverything();
        for (uint256 k; k < _handler.TOKENS(); ++k) {
            address token = _handler.tokenAt(k);
            uint256 carry;
            for (uint256 i; i < _handler.versions(); ++i) {
                for (uint256 p; p < _handler.periodsOf(i); ++p) {
                    (uint256 released, uint256 claimed, uint256 claimable) = _handler.totals(i, token, p);
                    vm.assertEq(claimable, 0, "left to claim");
                    if (released != 0) vm.assertLt(released - claimed, _handler.payeesOf(i), "more than the carry");
                    carry += released - claimed;
                }
            }
            vm.assertEq(_handler.balanceOfLedger(token), _handler.donated(token) + carry, "stuck money");
        }
        _handler.requireJournals();
        _handler.requireConsent();
    }
}

/// @dev There are two campaigns, which forge runs side by side: they differ in what is done oftener.
abstract contract Campaign is Invariants {
    /// @dev Actions that are drawn twice as often as the others.
    function _oftener() internal pure virtual returns (bytes4[] memory);

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[30] memory actions = _actions();
        bytes4[] memory oftener = _oftener();
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_handler), new bytes4[](actions.length + oftener.length));
        for (uint256 i; i < targets[0].selectors.length; ++i) {
            targets[0].selectors[i] = i < actions.length ? actions[i] : oftener[i - actions.length];
        }
    }

    function invariant_conservation_consent_completeness() external {
        _requireAll();
    }

    function afterInvariant() external {
        _requireThatAllCanLeave();
    }
}

/// @dev What the campaigns draw from does happen: of the rarer actions, each succeeds within some runs as long as theirs.
contract ActionsReachedTest is Invariants {
    uint256 private constant RUNS = 60;
    uint256 private constant DRAWS = 128;

    uint256 private _seed = 1;

    function test_actions_eachSucceeds() public {
        string[22] memory names = [
            "refund",
            "refund in dispute",
            "dispute",
            "rule",
            "drop",
            "pay everybody",
            "pay out a refund",
            "claw back by a ruling",
            "claw back by consent",
            "claw back by consent in parts",
            "pay a debt by ruling",
            "pay a debt by consent",
            "open an epoch",
            "tag a deal again",
            "tag a won deal again",
            "approve by default",
            "pay with a permit",
            "pay with a permit, signed",
            "pay a signed batch",
            "name an owner",
            "take the owner's place back",
            "rotate as the owner"
        ];
        bool[22] memory done;
        IMetering(address(vm)).pauseGasMetering(); // a test has a block's gas, and this is many tests
        uint256 reached;
        for (uint256 run; run < RUNS && reached < names.length; ++run) {
            if (run != 0) setUp();
            _draw();
            _requireThatAllCanLeave();
            for (uint256 i; i < names.length; ++i) {
                if (done[i] || _handler.done(names[i]) == 0) continue;
                done[i] = true;
                ++reached;
            }
        }
        _requireAll();
        for (uint256 i; i < names.length; ++i) {
            vm.assertTrue(done[i], names[i]);
        }
    }

    function _draw() private {
        bytes4[30] memory actions = _actions();
        for (uint256 i; i < DRAWS; ++i) {
            uint256 seed = _seed = uint256(keccak256(abi.encode(_seed)));
            // A second or third word of 0 or 1 is a yes or no, and every other action takes it as a number.
            uint256 second = seed % 2 == 0 ? seed >> 32 : seed >> 1 & 1;
            uint256 third = seed % 8 < 4 ? seed >> 48 : seed >> 2 & 1;
            bytes memory words = abi.encode(seed >> 16, second, third, seed >> 64, seed >> 96);
            (bool done,) = address(_handler).call(bytes.concat(actions[(seed >> 80) % actions.length], words));
            done;
        }
    }
}

contract InvariantsOfMoneyTest is Campaign {
    function _oftener() internal pure override returns (bytes4[] memory actions) {
        actions = new bytes4[](4);
        actions[0] = MoneyActions.pay.selector;
        actions[1] = MoneyActions.refund.selector;
        actions[2] = MoneyActions.dispute.selector;
        actions[3] = MoneyActions.rule.selector;
    }
}

contract InvariantsOfPartnersTest is Campaign {
    function _oftener() internal pure override returns (bytes4[] memory actions) {
        actions = new bytes4[](4);
        actions[0] = MoneyActions.pay.selector;
        actions[1] = PartnerActions.amend.selector;
        actions[2] = PartnerActions.giveNotice.selector;
        actions[3] = PartnerActions.recover.selector;
    }
}
