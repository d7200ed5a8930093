//! Words of granular relationships, their requests, operations and assignments that are in no published list.

use ofrecord_core::fold::Cell;
use ofrecord_core::state::GdapRelationship;

use super::Words;
use crate::finding::FindingSubject;

pub(super) fn in_relationship(words: &mut Words, subject: &FindingSubject, known: &GdapRelationship) {
    let basis = known.approval.as_ref().map(|approval| Cell::new(approval.value.basis.clone(), approval.set));
    unpublished! { words, subject,
        "status": &known.status,
        "auto_extend": &known.auto_extend,
        "approval_basis": &basis,
        "termination": &known.termination,
    }
    for request in known.requests.values() {
        let action = Cell::new(request.value.action.clone(), request.set);
        let status = Cell::new(request.value.status.clone(), request.set);
        unpublished! { words, subject,
            "request_action": Some(&action),
            "request_status": Some(&status),
        }
    }
    for operation in known.operations.values() {
        let kind = Cell::new(operation.value.operation_type.clone(), operation.set);
        let status = Cell::new(operation.value.status.clone(), operation.set);
        unpublished! { words, subject,
            "operation_type": Some(&kind),
            "operation_status": Some(&status),
        }
    }
    for assignment in known.assignments.values() {
        unpublished! { words, subject,
            "assignment_status": &assignment.status,
            "container_type": &assignment.container_type,
        }
    }
}
