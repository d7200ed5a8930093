//! The COSE structure of a receipt: its headers and its one proof, written and read.

use coset::cbor::Value;
use coset::{CborSerializable as _, CoseSign1, Header, Label, ProtectedHeader, iana};
use ofrecord_log::Hash;

use super::{ReceiptError, ReceiptProof, ReceiptVerifierKey};
use crate::spelling::{NUMBER_MAX, PATH_HASHES_MAX};

/// The verifiable data structure, and its one value for RFC 9162 with SHA-256.
const VDS: (i64, i64) = (395, 1);
/// The verifiable data proofs.
const VDP: i64 = 396;
const INCLUSION: i64 = -1;
const CONSISTENCY: i64 = -2;
/// CWT claims (RFC 9597), and of these the issuer and the subject.
const CLAIMS: i64 = 15;
const ISSUER: i64 = 1;
const SUBJECT: i64 = 2;
const EDDSA: coset::Algorithm = coset::Algorithm::Assigned(iana::Algorithm::EdDSA);

/// What the signature covers: the protected header and the root (RFC 9052 4.4).
pub(super) fn signed_bytes(protected: &ProtectedHeader, root: &Hash) -> Vec<u8> {
    coset::sig_structure_data(coset::SignatureContext::CoseSign1, protected.clone(), None, &[], &root.0)
}

/// What is signed beside the root: key, tree, issuer and subject.
pub(super) fn protected(key: &ReceiptVerifierKey, issuer: &str, subject: &str) -> Header {
    let claims = vec![(Value::from(ISSUER), Value::from(issuer)), (Value::from(SUBJECT), Value::from(subject))];
    Header {
        alg: Some(EDDSA),
        key_id: key.id().0.to_vec(),
        rest: vec![(Label::Int(CLAIMS), Value::Map(claims)), (Label::Int(VDS.0), Value::from(VDS.1))],
        ..Header::default()
    }
}

/// What is not signed: the proof.
pub(super) fn unprotected(proof: &ReceiptProof) -> Option<Header> {
    let hashes = |path: &[Hash]| Value::Array(path.iter().map(|hash| Value::from(&hash.0[..])).collect());
    let (kind, parts) = match proof {
        ReceiptProof::Inclusion { size, index, path } => {
            (INCLUSION, vec![Value::from(*size), Value::from(*index), hashes(path)])
        }
        ReceiptProof::Consistency { old_size, size, path, root: _ } => {
            (CONSISTENCY, vec![Value::from(*old_size), Value::from(*size), hashes(path)])
        }
    };
    let encoded = Value::Array(parts).to_vec().ok()?;
    let proofs = Value::Map(vec![(Value::from(kind), Value::Array(vec![Value::Bytes(encoded)]))]);
    Some(Header { rest: vec![(Label::Int(VDP), proofs)], ..Header::default() })
}

/// Whether the signature and the tree are those that are known here.
pub(super) fn check_protected(protected: &Header) -> Result<(), ReceiptError> {
    if !protected.crit.is_empty() {
        return Err(ReceiptError::Critical);
    }
    if protected.alg != Some(EDDSA) {
        return Err(ReceiptError::Algorithm);
    }
    if labelled(protected, VDS.0) != Some(&Value::from(VDS.1)) {
        return Err(ReceiptError::Tree);
    }
    Ok(())
}

fn labelled(header: &Header, label: i64) -> Option<&Value> {
    header.rest.iter().find(|(found, _)| *found == Label::Int(label)).map(|(_, value)| value)
}

/// The issuer and the subject of the claims, each if it is there.
pub(super) fn claims_of(protected: &Header) -> Result<(Option<String>, Option<String>), ReceiptError> {
    let Some(claims) = labelled(protected, CLAIMS) else { return Ok((None, None)) };
    let claims = claims.as_map().ok_or(ReceiptError::Claims)?;
    let text = |claim: i64| {
        let mut of_it = claims.iter().filter(|(name, _)| *name == Value::from(claim)).map(|(_, value)| value);
        match (of_it.next(), of_it.next()) {
            (None, _) => Ok(None),
            (Some(text), None) => text.as_text().map(|text| Some(text.to_owned())).ok_or(ReceiptError::Claims),
            (Some(_), Some(_)) => Err(ReceiptError::Claims),
        }
    };
    Ok((text(ISSUER)?, text(SUBJECT)?))
}

/// The proof, with the payload that its kind calls for.
pub(super) fn proof_of(sign1: &CoseSign1) -> Result<ReceiptProof, ReceiptError> {
    let (kind, encoded) = only_proof(&sign1.unprotected).ok_or(ReceiptError::Proof)?;
    let value = Value::from_slice(encoded).map_err(|_| ReceiptError::Proof)?;
    let (first, second, path) = parts_of(&value).ok_or(ReceiptError::Proof)?;
    match (kind, &sign1.payload) {
        (INCLUSION, None) => Ok(ReceiptProof::Inclusion { size: first, index: second, path }),
        (CONSISTENCY, Some(root)) => {
            let root = Hash(root.as_slice().try_into().map_err(|_| ReceiptError::Payload)?);
            Ok(ReceiptProof::Consistency { old_size: first, size: second, path, root })
        }
        (INCLUSION, Some(_)) | (CONSISTENCY, None) => Err(ReceiptError::Payload),
        _ => Err(ReceiptError::Proof),
    }
}

/// The kind and the bytes of the one proof.
fn only_proof(unprotected: &Header) -> Option<(i64, &[u8])> {
    let [(kind, proofs)] = labelled(unprotected, VDP)?.as_map()?.as_slice() else { return None };
    let [proof] = proofs.as_array()?.as_slice() else { return None };
    Some((i64::try_from(kind.as_integer()?).ok()?, proof.as_bytes()?))
}

/// The two numbers and the path of a proof.
fn parts_of(proof: &Value) -> Option<(u64, u64, Vec<Hash>)> {
    let [first, second, path] = proof.as_array()?.as_slice() else { return None };
    let number = |value: &Value| u64::try_from(value.as_integer()?).ok().filter(|number| *number <= NUMBER_MAX);
    let path = path.as_array().filter(|path| path.len() <= PATH_HASHES_MAX)?;
    let path = path.iter().map(|hash| hash.as_bytes()?.as_slice().try_into().ok().map(Hash));
    Some((number(first)?, number(second)?, path.collect::<Option<_>>()?))
}
