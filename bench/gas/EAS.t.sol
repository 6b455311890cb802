// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {vm} from "@tests/support/Vm.sol";
import {Meter} from "./Meter.sol";

interface ISchemaRegistry {
    function register(string calldata schema, address resolver, bool revocable) external returns (bytes32);
}

interface IEAS {
    struct AttestationRequestData {
        address recipient;
        uint64 expirationTime;
        bool revocable;
        bytes32 refUID;
        bytes data;
        uint256 value;
    }

    struct Signature {
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    struct MultiDelegatedAttestationRequest {
        bytes32 schema;
        AttestationRequestData[] data;
        Signature[] signatures;
        address attester;
        uint64 deadline;
    }

    function multiAttestByDelegation(MultiDelegatedAttestationRequest[] calldata requests)
        external
        payable
        returns (bytes32[] memory);

    function getDomainSeparator() external view returns (bytes32);
    function getAttestTypeHash() external pure returns (bytes32);
    function isAttestationValid(bytes32 uid) external view returns (bool);
}

/// @title EAS: N signers attest one agreement's id, each with a signature that one relayer brings in one call
/// @dev The least that EAS can hold of a signature under an agreement: 32 bytes, no recipient, no resolver. The terms
/// themselves, which our activation checks and emits, stay outside.
contract EASGasTest is Meter {
    uint64 private constant DEADLINE = 1_800_003_600;

    IEAS private _eas;
    bytes32 private _schema;

    constructor() Meter("EAS") {}

    function setUp() public override {
        super.setUp();
        address registry = vm.deployCode("SchemaRegistry.sol:SchemaRegistry", "");
        _eas = IEAS(vm.deployCode("EAS.sol:EAS", abi.encode(registry)));
        _schema = ISchemaRegistry(registry).register("bytes32 agreement", address(0), false);
    }

    function test_gas_twoSigners() public {
        _measure(2);
    }

    function test_gas_tenSigners() public {
        _measure(10);
    }

    function test_gas_hundredSigners() public {
        _measure(100);
    }

    function _measure(uint256 count) private {
        _attestAndReport("sign for the first time", count, 0, 0, address(0));
        _attestAndReport("sign", count, 0, 1, address(0));
        _attestAndReport("sign for the first time, naming a recipient", count, count, 0, address(_eas));
    }

    /// @param first the first of the signers; each of them has attested as often as the nonce says
    function _attestAndReport(string memory action, uint256 count, uint256 first, uint256 nonce, address recipient)
        private
    {
        IEAS.MultiDelegatedAttestationRequest[] memory requests = new IEAS.MultiDelegatedAttestationRequest[](count);
        bytes32 agreement = keccak256(abi.encode("agreement", nonce));
        for (uint256 i; i < count; ++i) {
            requests[i] = _request(_key(vm.toString(first + i)), agreement, nonce, recipient);
        }
        bytes32[] memory uids = _eas.multiAttestByDelegation(requests);
        _report(action, count, "signers", _spent());
        for (uint256 i; i < count; ++i) {
            vm.assertTrue(_eas.isAttestationValid(uids[i]), "every signer has attested");
        }
    }

    function _request(uint256 key, bytes32 agreement, uint256 nonce, address recipient)
        private
        view
        returns (IEAS.MultiDelegatedAttestationRequest memory request)
    {
        request.schema = _schema;
        request.attester = vm.addr(key);
        request.deadline = DEADLINE;
        request.data = new IEAS.AttestationRequestData[](1);
        request.data[0].recipient = recipient;
        request.data[0].data = abi.encode(agreement);
        bytes32 attestation = keccak256(
            abi.encode(
                _eas.getAttestTypeHash(),
                request.attester,
                _schema,
                recipient,
                uint64(0),
                false,
                bytes32(0),
                keccak256(request.data[0].data),
                uint256(0),
                nonce,
                DEADLINE
            )
        );
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", _eas.getDomainSeparator(), attestation));
        request.signatures = new IEAS.Signature[](1);
        (request.signatures[0].v, request.signatures[0].r, request.signatures[0].s) = vm.sign(key, digest);
    }
}
