//! Words of published lists, as sources spell them: `one_time`, `OneTime`, `None`.

use ofrecord_core::vocabulary::{
    AccessContainerType, AgreementType, AssignmentStatus, BillingCycle, GdapAutoExtend, GdapOperationStatus,
    GdapOperationType, GdapRequestAction, GdapRequestStatus, GdapStatus, RelationshipKind, SubscriptionStatus,
    SuspensionReason, TermDuration, TransitionType,
};

/// A published list of words.
pub(crate) trait Word: Sized {
    /// The word exactly as given.
    fn verbatim(word: &str) -> Self;
    /// Whether it is in the list.
    fn is_published(&self) -> bool;

    /// Reads a word in whichever case a source writes it; one that is in no list stays verbatim.
    fn read(word: &str) -> Self {
        let trimmed = word.trim();
        [trimmed.to_owned(), snake_case(trimmed), camel_case(trimmed), trimmed.to_ascii_uppercase()]
            .iter()
            .map(|spelling| Self::verbatim(spelling))
            .find(Self::is_published)
            .unwrap_or_else(|| Self::verbatim(word))
    }
}

macro_rules! words {
    ($($name:ident),+) => {
        $(impl Word for $name {
            fn verbatim(word: &str) -> Self {
                Self::from_wire(word)
            }

            fn is_published(&self) -> bool {
                self.is_recognised()
            }
        })+
    };
}

words!(
    AccessContainerType,
    AgreementType,
    AssignmentStatus,
    BillingCycle,
    GdapAutoExtend,
    GdapOperationStatus,
    GdapOperationType,
    GdapRequestAction,
    GdapRequestStatus,
    GdapStatus,
    RelationshipKind,
    SubscriptionStatus,
    SuspensionReason,
    TermDuration,
    TransitionType
);

/// `MicrosoftSupport` and `microsoft-support` as `microsoft_support`.
pub(crate) fn snake_case(word: &str) -> String {
    let mut snake = String::with_capacity(word.len() + 4);
    let mut after_lower = false;
    for letter in word.chars() {
        if letter.is_ascii_uppercase() && after_lower {
            snake.push('_');
        }
        after_lower = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        match letter {
            '-' | ' ' => snake.push('_'),
            letter => snake.push(letter.to_ascii_lowercase()),
        }
    }
    snake
}

/// `ApprovalPending` and `approval_pending` as `approvalPending`.
fn camel_case(word: &str) -> String {
    let mut camel = String::with_capacity(word.len());
    let mut begins = false;
    for letter in word.chars() {
        match letter {
            '_' | '-' | ' ' => begins = true,
            letter if begins => {
                camel.push(letter.to_ascii_uppercase());
                begins = false;
            }
            letter if camel.is_empty() => camel.push(letter.to_ascii_lowercase()),
            letter => camel.push(letter),
        }
    }
    camel
}

#[cfg(test)]
mod tests;
