// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAuthorizations} from "../../shared/interfaces/IAuthorizations.sol";
import {IJournal} from "../../shared/interfaces/IJournal.sol";
import {IAccountKeys} from "./IAccountKeys.sol";
import {IRecoveries} from "./IRecoveries.sol";
import {IRegistration} from "./IRegistration.sol";

// All that it has is in its slices.
// solhint-disable no-empty-blocks

/// @title Who the partners are
/// @notice A partner's permanent id is its first address, the account. Terms, claims and scores name the account;
/// {walletOf} says which wallet acts for it now. Each account has an owner key, its wallet unless another was set: only the
/// owner rotates the wallet, names another owner, and cancels a recovery that the consortium has begun. A wallet acts for
/// one account only, and for good: whoever takes a wallet or an owner's place says so with a signature of its own,
/// `AcceptWallet(address account,address wallet,uint256 nonce,uint256 deadline)` or `AcceptOwnership(address account,
/// address owner,uint256 nonce,uint256 deadline)`, whose nonce is the new key's own.
interface IPartnerRegistry is IJournal, IAuthorizations, IAccountKeys, IRegistration, IRecoveries {}
