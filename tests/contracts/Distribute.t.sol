// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {NATIVE_COIN, Terms, Tranche} from "../../contracts/agreements/types/Terms.sol";
import {IClaims} from "../../contracts/revenue/interfaces/IClaims.sol";
import {IDistributions} from "../../contracts/revenue/interfaces/IDistributions.sol";
import {IPayments} from "../../contracts/revenue/interfaces/IPayments.sol";
import {Share} from "../../contracts/revenue/types/Books.sol";
import {Division, Part} from "../../contracts/revenue/types/Divisions.sol";
import {Authorization} from "../../contracts/shared/types/Authorization.sol";
import {AgreementId} from "../../contracts/shared/types/Ids.sol";
import {Divisions} from "./support/Divisions.sol";
import {BlacklistToken, HookToken} from "./support/HostileTokens.sol";
import {KeyWorld} from "./support/KeyWorld.sol";
import {Vm, vm} from "./support/Vm.sol";
import {ReenteringWallet, RefusingWallet} from "./support/Wallets.sol";

/// @dev Takes all the gas that it gets.
contract BurningWallet {
    receive() external payable {
        while (true) {}
    }
}

/// @dev Pays everybody and claims in one transaction: the ledger's lock is open again in between.
contract Errand {
    function run(address target, bytes[] calldata calls) external {
        for (uint256 i; i < calls.length; ++i) {
            (bool done, bytes memory answer) = target.call(calls[i]);
            if (!done) {
                assembly {
                    revert(add(answer, 0x20), mload(answer))
                }
            }
        }
    }
}

/// @title Everybody is paid at once
contract DistributeTest is KeyWorld {
    uint256 private constant PAYEES = 4;

    address private _payer = address(0xACC);
    Partner[] private _people;
    address[] private _accounts4;
    BlacklistToken private _token;
    AgreementId private _agreement;
    uint256 private _refs;
    // What the reference of the fuzzed test keeps.
    uint256 private _total;
    uint256 private _seed;

    function setUp() public override {
        super.setUp();
        _token = new BlacklistToken();
        Partner[] memory people = _partners(PAYEES);
        for (uint256 i; i < PAYEES; ++i) {
            _people.push(people[i]);
            _accounts4.push(people[i].account);
        }
        _agreement = _agree(_plan());
        _token.mint(_payer, type(uint128).max);
        vm.prank(_payer);
        _token.approve(address(ledger), type(uint256).max);
    }

    /// @dev Four payees, two tranches, weights that leave a carry.
    function _plan() private view returns (Terms memory terms) {
        terms = _terms(_accounts4, _equalShares(_accounts4));
        terms.tokens = _pair(address(_token), NATIVE_COIN);
        terms.tranches = new Tranche[](2);
        terms.tranches[0].upTo = 1000;
        terms.tranches[1].upTo = type(uint256).max;
        uint64[2][PAYEES] memory weights =
            [[uint64(0.4e18), 0.1e18], [uint64(0.3e18), 0.2e18], [uint64(0.2e18), 0.3e18], [uint64(0.1e18), 0.4e18]];
        for (uint256 i; i < PAYEES; ++i) {
            terms.payees[i].weights = new uint64[](2);
            (terms.payees[i].weights[0], terms.payees[i].weights[1]) = (weights[i][0], weights[i][1]);
        }
    }

    function _payIn(uint256 amount) private {
        vm.prank(_payer);
        ledger.pay(_agreement, address(_token), _invoice(amount, bytes32(++_refs)));
        _total += amount;
    }

    function _distribute(uint256 most) private returns (uint256) {
        return ledger.distribute(_agreement, address(_token), Divisions.all(_plan(), 0, most));
    }

    function _claimable(uint256 payee) private view returns (uint256) {
        return ledger.claimableOf(_accounts4[payee], address(_token), _share(_plan(), payee));
    }

    function _claim(uint256 payee) private returns (uint256) {
        Share memory share = _share(_plan(), payee);
        return ledger.claim(_accounts4[payee], address(_token), share);
    }

    function _hasNothing(uint256 payee) private {
        Share memory share = _share(_plan(), payee);
        vm.expectRevert(abi.encodeWithSelector(IClaims.NothingToClaim.selector, _accounts4[payee]));
        ledger.claim(_accounts4[payee], address(_token), share);
    }

    /// @dev What a payee has earned of a total, apart from the contracts' own arithmetic.
    function _earned(uint256 payee, uint256 total) private view returns (uint256) {
        uint64[] memory weights = _plan().payees[payee].weights;
        uint256 low = total < 1000 ? total : 1000;
        return (low * weights[0] + (total - low) * weights[1]) / 1e18;
    }

    function _hasAll(uint256 total) private view {
        for (uint256 i; i < PAYEES; ++i) {
            vm.assertEq(_token.balanceOf(_accounts4[i]), _earned(i, total), "paid");
            vm.assertEq(_claimable(i), 0, "nothing left");
        }
    }

    // -- everybody ---------------------------------------------------------------------------------------------------

    function test_distribute_paysEverybodyAndLeavesNothingToClaim() public {
        _payIn(999);
        vm.prank(stranger);
        vm.assertEq(_distribute(0), 399 + 299 + 199 + 99);
        _hasAll(999);
        vm.expectRevert(abi.encodeWithSelector(IDistributions.NothingToDistribute.selector, _agreement));
        _distribute(0);
        _hasNothing(0);
        _payIn(2002);
        _distribute(PAYEES);
        _hasAll(3001);
    }

    function test_distribute_saysWhoWasPaidWhat() public {
        _payIn(1000);
        _claim(1);
        vm.recordLogs();
        _distribute(0);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        Vm.Log memory entry = logs[logs.length - 1];
        vm.assertEq(entry.topics[0], IDistributions.Distributed.selector);
        vm.assertEq(entry.topics[1], AgreementId.unwrap(_agreement));
        (uint32 period, Part[] memory parts) = abi.decode(entry.data, (uint32, Part[]));
        vm.assertEq(parts.length, 3, "who has nothing coming is not in it");
        vm.assertEq(parts[1].account, _accounts4[2]);
        vm.assertEq(parts[1].recipient, _accounts4[2]);
        vm.assertEq(parts[1].amount, 200);
        vm.assertEq(uint256(period), 0);
    }

    function test_distribute_paysTheWalletOfNow() public {
        Partner memory wallet = _partner("new wallet");
        Authorization memory yes = _acceptWallet(wallet, _accounts4[2]);
        vm.prank(_accounts4[2]);
        partners.rotate(_accounts4[2], wallet.account, yes);
        _payIn(1000);
        _distribute(0);
        vm.assertEq(_token.balanceOf(wallet.account), 200);
        vm.assertEq(_token.balanceOf(_accounts4[2]), 0);
    }

    function test_distribute_maturesWhatIsDue_andServesPeriodsApart() public {
        Terms memory terms = _plan();
        (terms.tranches[0].periodSeconds, terms.tranches[1].periodSeconds) = (10 days, 10 days);
        terms.holdSeconds = 1 days;
        AgreementId agreement = _agree(terms);
        for (uint256 i; i < 2; ++i) {
            vm.prank(_payer);
            ledger.pay(agreement, address(_token), _invoice(1000, bytes32(++_refs)));
            vm.warp(block.timestamp + 10 days);
        }
        for (uint32 period; period < 2; ++period) {
            vm.assertEq(ledger.distribute(agreement, address(_token), Divisions.all(terms, period, 0)), 1000);
        }
        vm.assertEq(_token.balanceOf(_accounts4[0]), 800, "the first tranche of each period");
        vm.expectRevert(abi.encodeWithSelector(IDistributions.NothingToDistribute.selector, agreement));
        ledger.distribute(agreement, address(_token), Divisions.all(terms, 2, 0));
    }

    // -- in parts ----------------------------------------------------------------------------------------------------

    /// @dev Once paid twice: nothing said that the first round, under way, had come to a payee that then claimed alone.
    function test_attack_aFirstRoundInPartsWithClaimsInBetween() public {
        _payIn(1000);
        _distribute(1);
        _hasNothing(0);
        vm.assertEq(_claim(2), 200);
        _payIn(1000);
        vm.assertEq(_claim(0), 100);
        vm.assertEq(_claim(3), 500);
        _distribute(1);
        _distribute(1);
        vm.assertEq(_token.balanceOf(_accounts4[2]), 200, "had it already");
        _distribute(1);
        vm.assertEq(_token.balanceOf(_accounts4[3]), 500, "was ahead of the round");
        _distribute(2);
        _distribute(2);
        _hasAll(2000);
    }

    function test_distribute_theNextRoundLooksAtWhoClaimedInTheMidstOfOne() public {
        _payIn(1000);
        _distribute(0);
        _payIn(1000);
        _distribute(2);
        _payIn(1000);
        vm.assertEq(_claim(0), 100, "beyond what the round pays");
        vm.assertEq(_claim(3), 800, "before the round comes to it");
        _distribute(2);
        _distribute(0);
        _hasAll(3000);
    }

    function test_distribute_aCallForAllTakesInARoundThatSomebodyBegan() public {
        _payIn(1000);
        _distribute(0);
        _payIn(1000);
        _distribute(1);
        _payIn(500);
        _distribute(0);
        _hasAll(2500);
        vm.expectRevert(abi.encodeWithSelector(IDistributions.NothingToDistribute.selector, _agreement));
        _distribute(1);
    }

    // -- who cannot be paid ------------------------------------------------------------------------------------------

    function test_distribute_setsAsideWhatAPayeeCannotBePaid() public {
        _payIn(1000);
        _distribute(0);
        _payIn(1000);
        _token.toggle(_accounts4[1]);
        vm.assertEq(_distribute(0), 800);
        vm.assertEq(_claimable(1), 200);
        Share[] memory shares = _only(_share(_plan(), 1));
        vm.prank(_accounts4[1]);
        ledger.claimTo(_accounts4[1], stranger, address(_token), shares);
        vm.assertEq(_token.balanceOf(stranger), 200);
        _payIn(1000);
        _distribute(3);
        _distribute(1);
        vm.assertEq(_claimable(1), 200);
        _payIn(1000);
        vm.assertEq(_distribute(0), 800);
        vm.assertEq(_claimable(1), 400, "all that is set aside, in one word");
    }

    /// @dev Nothing came in meanwhile; what is set aside is tried again all the same.
    function test_distribute_triesAgain() public {
        _payIn(1000);
        _token.toggle(_accounts4[1]);
        vm.assertEq(_distribute(0), 700);
        vm.assertEq(_claimable(1), 300);
        _token.toggle(_accounts4[1]);
        vm.assertEq(_distribute(0), 300);
        _hasAll(1000);
    }

    function test_distribute_revertsWithNobodyPaid() public {
        _payIn(1000);
        _token.toggle(address(ledger));
        vm.expectRevert(abi.encodeWithSelector(IDistributions.NobodyPaid.selector, _agreement));
        _distribute(0);
        vm.assertEq(_distribute(PAYEES - 1), 0, "a part may be all that cannot be paid");
    }

    function test_distribute_paysNothingToItself() public {
        address[] memory payees = _pair(address(ledger), _accounts4[0]);
        Terms memory terms = _terms(_pair(_accounts4[0], _accounts4[1]), _equalShares(payees));
        terms.tokens = _pair(address(_token), NATIVE_COIN);
        AgreementId agreement;
        try this.agreeTo(terms) returns (AgreementId there) {
            agreement = there;
        } catch {
            return; // the registry takes no such payee
        }
        vm.prank(_payer);
        ledger.pay(agreement, address(_token), _invoice(1000, "itself"));
        vm.assertEq(ledger.distribute(agreement, address(_token), Divisions.all(terms, 0, 0)), 500);
        vm.assertEq(_token.balanceOf(address(ledger)), 500);
    }

    function agreeTo(Terms memory terms) external returns (AgreementId) {
        return _agree(terms);
    }

    function test_distribute_aTokenThatIsGonePaysNobody() public {
        _payIn(1000);
        vm.etch(address(_token), "");
        vm.expectRevert(abi.encodeWithSelector(IDistributions.NobodyPaid.selector, _agreement));
        _distribute(0);
    }

    // -- gas ---------------------------------------------------------------------------------------------------------

    /// @dev Whatever gas a caller brings: who can be paid is paid, or the call reverts as a whole.
    function test_attack_noCallerHasPayeesPassedOverForWantOfGas() public {
        _payIn(1000);
        Division memory division = Divisions.all(_plan(), 0, 0);
        uint256 tries;
        for (uint256 gas = 100_000; _claimable(0) != 0; gas += 7919) {
            try ledger.distribute{gas: gas}(_agreement, address(_token), division) {} catch {}
            ++tries;
        }
        vm.assertGe(tries, 20, "less gas than needed came first");
        _hasAll(1000);
    }

    function test_distribute_revertsWithGasTooLow() public {
        _payIn(1000);
        Division memory division = Divisions.all(_plan(), 0, 0);
        (bool done, bytes memory answer) = address(ledger).call{gas: 240_000}(
            abi.encodeCall(IDistributions.distribute, (_agreement, address(_token), division))
        );
        vm.assertFalse(done);
        vm.assertEq(bytes32(bytes4(answer)), bytes32(IDistributions.GasTooLow.selector));
    }

    // -- the chain's own coin, and payees that are contracts ---------------------------------------------------------

    function _termsOfWallets(address[] memory wallets) private view returns (Terms memory terms) {
        for (uint256 i = 1; i < wallets.length; ++i) {
            for (uint256 k = i; k > 0 && wallets[k - 1] > wallets[k]; --k) {
                (wallets[k - 1], wallets[k]) = (wallets[k], wallets[k - 1]);
            }
        }
        terms = _terms(_pair(_accounts4[0], _accounts4[1]), _equalShares(wallets));
        terms.tokens = new address[](1);
        terms.tokens[0] = NATIVE_COIN;
    }

    function test_attack_payeesThatRefuseBurnOrComeBack() public {
        ReenteringWallet reentering = new ReenteringWallet();
        address[] memory wallets = new address[](4);
        wallets[0] = address(reentering);
        wallets[1] = address(new RefusingWallet());
        wallets[2] = address(new BurningWallet());
        wallets[3] = _accounts4[3];
        Terms memory terms = _termsOfWallets(wallets);
        AgreementId agreement = _agree(terms);
        Division memory division = Divisions.all(terms, 0, 0);
        reentering.callBack(
            address(ledger), abi.encodeCall(IDistributions.distribute, (agreement, NATIVE_COIN, division))
        );
        vm.deal(_payer, 4000);
        vm.prank(_payer);
        uint256 paid = ledger.payAndDistribute{value: 4000}(agreement, NATIVE_COIN, _invoice(4000, "coin"), division);
        vm.assertEq(paid, 2000);
        vm.assertEq(address(reentering).balance, 1000);
        vm.assertEq(_accounts4[3].balance, 1000);
        vm.assertFalse(reentering.succeeded());
        vm.assertEq(
            bytes32(reentering.answer()), bytes32(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector)
        );
        vm.assertEq(address(ledger).balance, 2000);
    }

    function test_attack_aTokenThatComesBackFindsTheLedgerLocked() public {
        HookToken token = new HookToken();
        Terms memory terms = _plan();
        terms.tokens = _pair(address(token), NATIVE_COIN);
        AgreementId agreement = _agree(terms);
        token.mint(_payer, 1000);
        vm.prank(_payer);
        token.approve(address(ledger), 1000);
        vm.prank(_payer);
        ledger.pay(agreement, address(token), _invoice(1000, "hook"));
        Share memory share = _share(terms, 3);
        token.hook(address(ledger), abi.encodeCall(IClaims.claim, (_accounts4[3], address(token), share)));
        ledger.distribute(agreement, address(token), Divisions.all(terms, 0, 0));
        vm.assertFalse(token.succeeded());
        vm.assertEq(token.balanceOf(_accounts4[3]), 100);
    }

    // -- pay and distribute ------------------------------------------------------------------------------------------

    function test_payAndDistribute_paysTheInvoiceAndThenEverybody() public {
        _payIn(500);
        Division memory division = Divisions.all(_plan(), 0, 0);
        vm.prank(_payer);
        uint256 amount = ledger.payAndDistribute(_agreement, address(_token), _invoice(1500, "together"), division);
        vm.assertEq(amount, 2000);
        _hasAll(2000);
    }

    function test_payAndDistribute_heldMoneyIsNotPaidOut() public {
        Terms memory terms = _plan();
        terms.holdSeconds = 2 days;
        AgreementId agreement = _agree(terms);
        Division memory division = Divisions.all(terms, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IDistributions.NothingToDistribute.selector, agreement));
        vm.prank(_payer);
        ledger.payAndDistribute(agreement, address(_token), _invoice(1000, "held"), division);
    }

    function test_payAndDistribute_leavesTheLedgerOpen() public {
        Errand errand = new Errand();
        _token.mint(address(errand), 3000);
        vm.prank(address(errand));
        _token.approve(address(ledger), 3000);
        bytes[] memory calls = new bytes[](2);
        for (uint256 i; i < 2; ++i) {
            calls[i] = abi.encodeCall(
                IPayments.payAndDistribute,
                (_agreement, address(_token), _invoice(1500, bytes32(i + 7)), Divisions.all(_plan(), 0, 0))
            );
        }
        errand.run(address(ledger), calls);
        _hasAll(3000);
    }

    // -- the plan ----------------------------------------------------------------------------------------------------

    function _refused(Division memory division) private {
        vm.expectRevert(abi.encodeWithSelector(IDistributions.PlanInvalid.selector, _agreement));
        ledger.distribute(_agreement, address(_token), division);
    }

    function test_distribute_revertsWithPlanInvalid() public {
        _payIn(1000);
        Division memory division = Divisions.all(_plan(), 0, 0);
        division.conditionsHash = "other";
        _refused(division);
        division = Divisions.all(_plan(), 1, 0);
        _refused(division);
        division = Divisions.all(_plan(), 0, 0);
        division.weights[0] += 1;
        _refused(division);
        division = Divisions.all(_plan(), 0, 0);
        division.tranches[0].upTo += 1;
        _refused(division);
        division = Divisions.all(_plan(), 0, 0);
        division.weights = new uint64[](7);
        _refused(division);
        _refused(_without(Divisions.all(_plan(), 0, 0), PAYEES - 1));
        _refused(_without(Divisions.all(_plan(), 0, 0), 0));
    }

    function _without(Division memory division, uint256 left) private pure returns (Division memory) {
        address[] memory accounts = division.accounts;
        uint64[] memory weights = division.weights;
        assembly {
            mstore(accounts, left)
            mstore(weights, mul(left, 2))
        }
        return division;
    }

    /// @dev A pair's hash is the same whichever of the two is first.
    function test_attack_neighboursChangePlaces() public {
        _payIn(1000);
        Division memory division = Divisions.all(_plan(), 0, 2);
        (division.accounts[0], division.accounts[1]) = (division.accounts[1], division.accounts[0]);
        (division.weights[0], division.weights[2]) = (division.weights[2], division.weights[0]);
        (division.weights[1], division.weights[3]) = (division.weights[3], division.weights[1]);
        _refused(division);
    }

    function test_distribute_ofABookWithoutPaymentsHasNothing() public {
        vm.expectRevert(abi.encodeWithSelector(IDistributions.NothingToDistribute.selector, _agreement));
        _distribute(0);
    }

    // -- any order ---------------------------------------------------------------------------------------------------

    function _random(uint256 limit) private returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return _seed % limit;
    }

    /// @dev Payments, claims, rounds whole and in parts, payees that are blocked for a while: everybody has been paid, or
    /// can claim, exactly what the total gives it, after each step.
    /// forge-config: default.fuzz.runs = 32
    function testFuzz_distribute_nobodyIsPaidTwiceOrForgotten(uint256 seed) public {
        _seed = seed;
        for (uint256 step; step < 40; ++step) {
            uint256 action = _random(8);
            if (action < 2) {
                _payIn(1 + _random(700));
            } else if (action < 4) {
                try this.claimAs(_random(PAYEES)) {} catch {}
            } else if (action < 7) {
                try this.distributeTo(_random(PAYEES + 2)) {} catch {}
            } else {
                _token.toggle(_accounts4[_random(PAYEES)]);
            }
            for (uint256 i; i < PAYEES; ++i) {
                uint256 has = _token.balanceOf(_accounts4[i]) + _claimable(i);
                vm.assertEq(has, _earned(i, _total), "paid or claimable");
            }
        }
        for (uint256 i; i < PAYEES; ++i) {
            if (_token.blacklisted(_accounts4[i])) _token.toggle(_accounts4[i]);
        }
        _payIn(1000);
        _distribute(0);
        _hasAll(_total);
    }

    function claimAs(uint256 payee) external {
        _claim(payee);
    }

    function distributeTo(uint256 most) external {
        _distribute(most);
    }
}
