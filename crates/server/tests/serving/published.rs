//! What is answered in the shape of Partner Center, beside the published Swagger: no property that it does not list,
//! and every value of the type that it says. Where the files are not there this is left out, and says so.

use std::path::{Path, PathBuf};

use ofrecord_server::{AccessRole, Scope};
use ofrecord_testkit::name;
use serde_json::Value;

use crate::partner_center::stage;

/// Whether a word has to be one of those that the file lists.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    Listed,
    /// The file of audit records is older than the records and knows few.
    Any,
}

/// Properties that are published elsewhere: of every page, and of newer records.
const NEWER: [&str; 2] = ["continuationToken", "participants"];

/// A Swagger file, and what it is held against.
struct Published {
    file: Value,
    words: Words,
}

/// The folder of the published files, where it is.
fn published() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("OFRECORD_SHARED").map_or_else(beside, PathBuf::from);
    let swagger = shared.join("data/partner-center/swagger");
    swagger.is_dir().then_some(swagger)
}

impl Published {
    fn check(&self, value: &Value, schema: &Value, at: &str) {
        if let Some(name) = schema["$ref"].as_str() {
            let definition = &self.file["definitions"][name.trim_start_matches("#/definitions/")];
            assert!(definition.is_object(), "{at}: the file defines {name}");
            return self.check(value, definition, at);
        }
        let listed = schema["enum"].as_array();
        match (schema["type"].as_str(), value) {
            (Some("object"), Value::Object(fields)) => {
                for (field, value) in fields.iter().filter(|(field, _)| !NEWER.contains(&field.as_str())) {
                    let schema = &schema["properties"][field];
                    assert!(schema.is_object(), "{at}/{field} is not listed");
                    self.check(value, schema, &format!("{at}/{field}"));
                }
            }
            (Some("array"), Value::Array(items)) => {
                items.iter().for_each(|item| self.check(item, &schema["items"], &format!("{at}[]")));
            }
            // A word is called an integer with a list of words.
            (Some("integer"), Value::String(_)) if listed.is_some() => {
                assert!(self.words == Words::Any || listed.unwrap().contains(value), "{at}: {value} is not listed");
            }
            // Published records have a null where nothing was chosen.
            (Some("string"), Value::Null) => assert!(self.words == Words::Any, "{at} is null"),
            (Some("string"), Value::String(_)) | (Some("integer"), Value::Number(_)) => {}
            (Some("boolean"), Value::Bool(_)) => {}
            (kind, value) => panic!("{at}: {value} is not {kind:?}"),
        }
    }
}

#[test]
fn what_is_answered_is_what_the_published_swagger_says() {
    let Some(folder) = published() else {
        println!("left out: the published Swagger is not beside the workspace");
        return;
    };
    let stage = stage();
    let p = stage.token("p", AccessRole::PartnerUser, Scope::Partner(name::partner("P")));
    let customer = name::customer("C");
    let read = |file: &str| serde_json::from_slice(&std::fs::read(folder.join(file)).unwrap()).unwrap();
    let customers = Published { file: read("CustomerService.json"), words: Words::Listed };
    let records = Published { file: read("AuditService.json"), words: Words::Any };
    for (published, path, template) in [
        (&customers, "customers?size=1".to_owned(), "/v{version}/customers"),
        (&customers, "customers".to_owned(), "/v{version}/customers"),
        (&customers, format!("customers/{customer}"), "/v{version}/customers/{customer_id}"),
        (
            &customers,
            format!("customers/{customer}/relationships"),
            "/v{version}/customers/{customer_id}/relationships",
        ),
        (&customers, "relationships".to_owned(), "/v{version}/relationships"),
        (&customers, "relationships?relationship_type=IsIndirectResellerOf".to_owned(), "/v{version}/relationships"),
        (
            &customers,
            format!("customers/{customer}/directSignedMicrosoftCustomerAgreementStatus"),
            "/v{version}/customers/{customer_id}/directSignedMicrosoftCustomerAgreementStatus",
        ),
        (
            &customers,
            format!("customers/{customer}/profiles/company"),
            "/v{version}/customers/{customer_id}/profiles/company",
        ),
        (&records, "auditrecords?startDate=2024-01-01&size=2".to_owned(), "/v{version}/auditrecords"),
        (&records, "auditrecords?startDate=2024-01-01".to_owned(), "/v{version}/auditrecords"),
    ] {
        let answer = stage.get_with(&format!("/partnercenter/v1/{path}"), &p);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let schema = &published.file["paths"][template]["get"]["responses"]["200"]["schema"];
        assert!(schema.is_object(), "{template}");
        published.check(&answer.json(), schema, &path);
    }
}
