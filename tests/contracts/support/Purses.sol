// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Authorization} from "../../../contracts/shared/types/Authorization.sol";
import {DealWorld} from "./DealWorld.sol";
import {FeeToken, NoReturnToken} from "./HostileTokens.sol";
import {TypedData} from "./TypedData.sol";
import {vm} from "./Vm.sol";

/// @title The wallets of accounts, one after the other, and what each must hold
/// @notice Two tokens that keep what they are given, and one that takes a fee and is not counted.
abstract contract Purses is DealWorld {
    uint256 public constant TOKENS = 3;
    uint256 internal constant FUNDS = 1e36;

    address[] internal _tokens;
    address[] internal _wallets;
    mapping(address wallet => uint256) private _keys;
    /// @dev Known here from what was done, not asked of the registry.
    mapping(address wallet => address) internal _accountOf;
    mapping(address account => address) private _newestOf;
    mapping(address wallet => mapping(address token => uint256)) private _belongs;

    /// @dev The promise that an action found broken: it would be forgotten if the action reverted.
    string private _broken;

    error NothingToDo();

    function setUp() public virtual override {
        super.setUp();
        _tokens.push(address(dollar));
        _tokens.push(address(new NoReturnToken()));
        _tokens.push(address(new FeeToken()));
        _wallets.push(stranger); // who is named to receive claims
        _accountOf[stranger] = stranger;
    }

    function tokenAt(uint256 which) public view returns (address) {
        return _tokens[which % TOKENS];
    }

    /// @dev From here on the account acts through this wallet; with tokens to pay with, or none.
    function _openPurse(address account, Partner memory wallet, bool paying) internal {
        _wallets.push(wallet.account);
        (_accountOf[wallet.account], _newestOf[account]) = (account, wallet.account);
        _keys[wallet.account] = wallet.key;
        for (uint256 k; paying && k < TOKENS; ++k) {
            FeeToken(_tokens[k]).mint(wallet.account, FUNDS);
            _noteGained(wallet.account, _tokens[k], FUNDS);
            vm.prank(wallet.account);
            // Called as the token that returns nothing: its answer is not looked at.
            NoReturnToken(_tokens[k]).approve(address(ledger), type(uint256).max);
        }
    }

    function _actingFor(address account) internal view override returns (address) {
        address newest = _newestOf[account];
        return newest == address(0) ? account : newest;
    }

    /// @dev Who now stands for an account that acted, or acts, through this wallet.
    function _standingFor(address wallet) internal view returns (address) {
        return _actingFor(_accountOf[wallet]);
    }

    function _noteGained(address wallet, address token, uint256 amount) internal {
        _belongs[wallet][token] += amount;
    }

    function _noteSpent(address wallet, address token, uint256 amount) internal {
        _belongs[wallet][token] -= amount;
    }

    /// @dev What the account's wallet of now signs, for a relayer to carry.
    function _signedBy(address account, address verifier, Authorization memory signed, bytes32 action)
        internal
        view
        returns (Authorization memory)
    {
        signed.signature = _signature(_keys[_actingFor(account)], TypedData.digest(verifier, action));
        return signed;
    }

    function _keyOf(address wallet) internal view returns (uint256) {
        return _keys[wallet];
    }

    function _never(string memory what) internal {
        _broken = what;
    }

    /// @notice A wallet's tokens move only by what it did itself, and what is owed to an account comes to its wallet.
    function requireConsent() external view {
        vm.assertTrue(bytes(_broken).length == 0, _broken);
        for (uint256 i; i < _wallets.length; ++i) {
            address wallet = _wallets[i];
            vm.assertEq(partners.successorOf(wallet), _standingFor(wallet));
            for (uint256 k; k < TOKENS - 1; ++k) {
                address token = _tokens[k];
                vm.assertEq(IERC20(token).balanceOf(wallet), _belongs[wallet][token], "a wallet's tokens");
            }
        }
    }
}
