// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AgreementId, CustomerId, DealId, ProgrammeId} from "../../../contracts/shared/types/Ids.sol";
import {vm} from "./Vm.sol";

// `vm.assertEq` for typed ids: the cheatcode itself takes plain words, and an interface cannot have both.

function assertSame(AgreementId left, AgreementId right) pure {
    vm.assertEq(AgreementId.unwrap(left), AgreementId.unwrap(right));
}

function assertSame(AgreementId left, bytes32 right) pure {
    vm.assertEq(AgreementId.unwrap(left), right);
}

function assertSame(bytes32 left, AgreementId right) pure {
    vm.assertEq(left, AgreementId.unwrap(right));
}

function assertSame(ProgrammeId left, ProgrammeId right) pure {
    vm.assertEq(ProgrammeId.unwrap(left), ProgrammeId.unwrap(right));
}

function assertSame(ProgrammeId left, bytes32 right) pure {
    vm.assertEq(ProgrammeId.unwrap(left), right);
}

function assertSame(DealId left, DealId right) pure {
    vm.assertEq(DealId.unwrap(left), DealId.unwrap(right));
}

function assertSame(DealId left, bytes32 right) pure {
    vm.assertEq(DealId.unwrap(left), right);
}

function assertSame(bytes32 left, DealId right) pure {
    vm.assertEq(left, DealId.unwrap(right));
}

function assertSame(CustomerId left, CustomerId right) pure {
    vm.assertEq(bytes32(CustomerId.unwrap(left)), bytes32(CustomerId.unwrap(right)));
}

function assertSame(CustomerId left, bytes32 right) pure {
    vm.assertEq(bytes32(CustomerId.unwrap(left)), right);
}
