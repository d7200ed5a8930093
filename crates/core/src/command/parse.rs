//! Reading a command from JSON, and setting aside what a relationship command must not carry (rules S-2, S-7, S-11).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

use super::agreement::Contact;
use super::custody::RedactEntry;
use super::{Command, StatedCommand};
use crate::event::{Event, upcast};
use crate::personal::PersonalText;

/// Fields of a subscription that no relationship command may carry (rule S-2).
const SUBSCRIPTION_FIELDS: &[&str] = &[
    "auto_renew",
    "billing_cycle",
    "cancellation_allowed_until",
    "commitment_end_date",
    "lines",
    "offer",
    "price_terms",
    "product",
    "quantity",
    "scheduled_next_term",
    "seats",
    "status",
    "subscription",
    "subscriptions",
    "term",
    "term_duration",
    "term_end",
];
/// Fields of account ownership that no relationship command may carry (rule S-7).
const OWNERSHIP_FIELDS: &[&str] = &["account_owner", "customer_global_admins", "owner", "owner_tenant", "tenant_owner"];
/// Fields of partners of record that no relationship command may carry (rule S-11).
const PARTNER_OF_RECORD_FIELDS: &[&str] =
    &["cpor", "dpor", "pal", "partner_id_on_record", "partner_of_record", "reseller_of_record"];

/// Relationship commands: the ones that the four lines speak about.
const RELATIONSHIP_COMMANDS: &[&str] = &[
    "RequestResellerRelationship",
    "AcceptResellerRelationship",
    "ExtendResellerRelationship",
    "CreateCustomer",
    "RemoveResellerRelationship",
    "DeleteCustomer",
    "SetAssociatedPartner",
    "GrantDap",
    "RemoveDap",
    "RecordMicrosoftDapTermination",
    "InvitePartner",
    "AcceptPartnership",
    "RemovePartnership",
    "CreateGdapRelationship",
    "UpdateGdapRelationship",
    "DeleteGdapRelationship",
    "LockGdapForApproval",
    "ApproveGdap",
    "RejectGdap",
    "ActivateGdap",
    "TerminateGdap",
    "RecordGdapTermination",
    "RemoveGlobalAdministratorRole",
    "SetGdapAutoExtend",
    "ExtendGdap",
    "ExpireGdap",
    "RecordGdapCleanUp",
    "CreateAccessAssignment",
    "ActivateAccessAssignment",
    "RecordAccessAssignmentFailure",
    "UpdateAccessAssignment",
    "DeleteAccessAssignment",
    "StartMicrosoftLedTransition",
];

/// What a relationship command tried to carry beyond its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BeyondScope {
    /// A change of a subscription (rule S-2).
    Subscription,
    /// The customer's account ownership (rule S-7).
    AccountOwnership,
    /// A partner of record (rule S-11).
    PartnerOfRecord,
}

/// A command as read, with the fields it must not carry set aside rather than dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedCommand {
    command: Command,
    beyond_scope: Map<String, Value>,
    /// The command as JSON where an event in it was stated in an older version: written so again, it has
    /// the same hash forever.
    stated: Option<Value>,
}

/// Why a JSON value is not a command.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CommandError {
    /// Not a JSON object.
    #[error("the command is not a JSON object")]
    NotAnObject,
    /// No `type`.
    #[error("the command has no `type`")]
    NoType,
    /// A `type` that is no command's.
    #[error("`{name}` is not a command{}", suggestion(nearest))]
    UnknownType {
        /// The name as given.
        name: String,
        /// The command with the most similar name.
        nearest: Option<&'static str>,
    },
    /// A field is missing, unknown or malformed.
    #[error("{name}: {problem}")]
    Malformed {
        /// The command.
        name: &'static str,
        /// What is wrong, naming the field.
        problem: String,
    },
}

fn suggestion(nearest: &Option<&'static str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

impl ParsedCommand {
    /// Reads a command. Fields that a relationship command must not carry are
    /// kept for the decision to refuse; any other unknown field is an error.
    ///
    /// # Errors
    /// [`CommandError`] naming the command and the field.
    pub fn from_json(value: Value) -> Result<Self, CommandError> {
        let Value::Object(mut fields) = value else { return Err(CommandError::NotAnObject) };
        let Some(Value::String(name)) = fields.get("type") else { return Err(CommandError::NoType) };
        let Some(name) = Command::NAMES.iter().copied().find(|known| known == name) else {
            return Err(CommandError::UnknownType { name: name.clone(), nearest: nearest_name(name) });
        };
        let beyond_scope = set_aside(name, &mut fields);
        let read = Value::Object(fields);
        let malformed = |error: serde_json::Error| CommandError::Malformed { name, problem: error.to_string() };
        let command = Command::deserialize(&read).map_err(malformed)?;
        let stated = if upcast::has_older(&read) {
            let mut written = serde_json::to_value(&command).map_err(malformed)?;
            upcast::restate(&read, &mut written);
            Some(written)
        } else {
            None
        };
        Ok(Self { command, beyond_scope, stated })
    }

    /// Reads a command from the text in which an entry states it; the same as [`Self::from_json`] of its value.
    ///
    /// # Errors
    /// [`CommandError`] naming the command and the field.
    pub fn from_stated(stated: &StatedCommand) -> Result<Self, CommandError> {
        let text = stated.json();
        // One that is read as it stands has nothing to be set aside: it knows all of its fields. It may only state
        // an older version of an event. Whatever is wrong is told from the value.
        let whole = text.starts_with('{') && !upcast::names_versioned(text.as_bytes());
        match whole.then(|| serde_json::from_str::<Command>(text)) {
            Some(Ok(command)) => Ok(command.into()),
            Some(Err(_)) | None => Self::from_json(stated.value()),
        }
    }

    /// The command.
    #[must_use]
    pub fn command(&self) -> &Command {
        &self.command
    }

    /// Whether [`Self::contacts_mut`] would find any; asked of every command, so it copies nothing.
    #[must_use]
    pub fn has_contacts(&self) -> bool {
        if let Command::ConfirmCustomerAgreement(command) = &self.command {
            command.primary_contact.is_some()
        } else if let Command::RecordObservation(command) = &self.command {
            command.events.iter().any(has_contact)
        } else if let Command::CorrectEvent(command) = &self.command {
            command.replacement.as_deref().is_some_and(has_contact)
        } else {
            false
        }
    }

    /// Every contact person in it, of the command itself and of the events that it states.
    ///
    /// Where an event was stated in an older version, the command is written in the newest from here on.
    pub fn contacts_mut(&mut self) -> Vec<&mut Contact> {
        let contacts = contacts_in(&mut self.command);
        if !contacts.is_empty() {
            self.stated = None;
        }
        contacts
    }

    /// Whether [`Self::personal_texts_mut`] may find any; asked of every command, so it copies nothing.
    #[must_use]
    pub fn may_hold_personal_texts(&self) -> bool {
        matches!(&self.command, Command::RequestTransfer(_) | Command::RecordObservation(_) | Command::CorrectEvent(_))
    }

    /// Every personal text in it, of the command itself and of the events that it states. Contacts are not among them.
    ///
    /// Whoever changes one calls [`Self::write_in_newest`].
    pub fn personal_texts_mut(&mut self) -> Vec<PersonalText<'_>> {
        texts_in(&mut self.command)
    }

    /// Where an event was stated in an older version, the command is written in the newest from here on.
    pub fn write_in_newest(&mut self) {
        self.stated = None;
    }

    /// The command to redact an entry, for the ledger to say what stands there; none of any other command.
    pub fn redaction_mut(&mut self) -> Option<&mut RedactEntry> {
        if let Command::RedactEntry(command) = &mut self.command { Some(command) } else { None }
    }

    /// The first thing it carries beyond its scope, with the field's name, in precedence order.
    #[must_use]
    pub fn beyond_scope(&self) -> Option<(BeyondScope, &str)> {
        self.beyond_scope.keys().filter_map(|field| scope_of(field).map(|scope| (scope, field.as_str()))).min()
    }
}

impl From<Command> for ParsedCommand {
    fn from(command: Command) -> Self {
        Self { command, beyond_scope: Map::new(), stated: None }
    }
}

impl Serialize for ParsedCommand {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.stated.is_none() && self.beyond_scope.is_empty() {
            return self.command.serialize(serializer);
        }
        let value = match &self.stated {
            Some(stated) => stated.clone(),
            None => serde_json::to_value(&self.command).map_err(serde::ser::Error::custom)?,
        };
        let Value::Object(mut fields) = value else {
            return Err(serde::ser::Error::custom("a command is written as an object"));
        };
        fields.extend(self.beyond_scope.clone());
        fields.serialize(serializer)
    }
}

fn has_contact(event: &Event) -> bool {
    matches!(event, Event::CustomerAgreementConfirmed(event) if event.primary_contact.is_some())
}

fn contacts_in(command: &mut Command) -> Vec<&mut Contact> {
    if let Command::ConfirmCustomerAgreement(command) = command {
        command.primary_contact.iter_mut().collect()
    } else if let Command::RecordObservation(command) = command {
        command.events.iter_mut().filter_map(contact_in).collect()
    } else if let Command::CorrectEvent(command) = command {
        command.replacement.iter_mut().filter_map(|event| contact_in(event)).collect()
    } else {
        Vec::new()
    }
}

fn texts_in(command: &mut Command) -> Vec<PersonalText<'_>> {
    if let Command::RequestTransfer(command) = command {
        command.signatures.iter_mut().filter_map(|signature| signature.name.as_mut()).map(PersonalText::Name).collect()
    } else if let Command::RecordObservation(command) = command {
        command.events.iter_mut().flat_map(Event::personal_texts_mut).collect()
    } else if let Command::CorrectEvent(command) = command {
        command.replacement.as_deref_mut().map(Event::personal_texts_mut).unwrap_or_default()
    } else {
        Vec::new()
    }
}

fn contact_in(event: &mut Event) -> Option<&mut Contact> {
    if let Event::CustomerAgreementConfirmed(event) = event { event.primary_contact.as_mut() } else { None }
}

fn set_aside(name: &str, fields: &mut Map<String, Value>) -> Map<String, Value> {
    if !RELATIONSHIP_COMMANDS.contains(&name) {
        return Map::new();
    }
    let forbidden: Vec<String> = fields.keys().filter(|field| scope_of(field).is_some()).cloned().collect();
    forbidden.into_iter().filter_map(|field| fields.remove(&field).map(|value| (field, value))).collect()
}

fn scope_of(field: &str) -> Option<BeyondScope> {
    if SUBSCRIPTION_FIELDS.contains(&field) {
        Some(BeyondScope::Subscription)
    } else if OWNERSHIP_FIELDS.contains(&field) {
        Some(BeyondScope::AccountOwnership)
    } else if PARTNER_OF_RECORD_FIELDS.contains(&field) {
        Some(BeyondScope::PartnerOfRecord)
    } else {
        None
    }
}

/// The known name that shares the longest start with `name`, when it shares at least four letters.
fn nearest_name(name: &str) -> Option<&'static str> {
    let shared = |known: &str| known.bytes().zip(name.bytes()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    Command::NAMES.iter().copied().max_by_key(|known| shared(known)).filter(|known| shared(known) >= 4)
}
