//! Judging what a granular relationship is made of: name, duration, roles, extension (rules G-1 to G-7).

use std::collections::BTreeSet;

use ofrecord_core::vocabulary::{GdapAutoExtend, GdapDuration, GdapStatus};
use ofrecord_core::{GdapRelationshipId, PartnerTenantId, RoleId, Timestamp};

use super::granted::Granular;
use super::{Judgement, Scene, cloud};
use crate::role::{BUILT_IN, GLOBAL_ADMINISTRATOR};

/// An ISO 8601 duration in calendar months and seconds; none when it is not one.
fn parts_of(duration: &GdapDuration) -> Option<(u32, i64)> {
    let text = duration.as_str().strip_prefix('P')?;
    let (days, hours) = text.split_once('T').map_or((text, None), |(days, hours)| (days, Some(hours)));
    if hours == Some("") || text.is_empty() {
        return None;
    }
    let (mut months, mut seconds) = (0, 0);
    let lengths_of_days: [(char, u32, i64); 4] = [('Y', 12, 0), ('M', 1, 0), ('W', 0, 7 * 86_400), ('D', 0, 86_400)];
    let lengths_of_hours: [(char, u32, i64); 3] = [('H', 0, 3_600), ('M', 0, 60), ('S', 0, 1)];
    for (mut rest, units) in [(days, &lengths_of_days[..]), (hours.unwrap_or_default(), &lengths_of_hours[..])] {
        for (unit, in_months, in_seconds) in units {
            if let Some((number, behind)) = rest.split_once(*unit) {
                let number: u32 = number.parse().ok().filter(|_| number.bytes().all(|byte| byte.is_ascii_digit()))?;
                months += in_months * number;
                seconds += in_seconds * i64::from(number);
                rest = behind;
            }
        }
        if !rest.is_empty() {
            return None;
        }
    }
    Some((months, seconds))
}

/// When a duration that begins at an instant is over.
pub(super) fn end_after(duration: &GdapDuration, begun: Timestamp) -> Option<Timestamp> {
    let (months, seconds) = parts_of(duration)?;
    Some(begun.plus_months(months).plus_seconds(seconds))
}

/// From one day to two years, which are 730 days (rule G-4).
fn in_range(duration: &GdapDuration) -> bool {
    parts_of(duration).is_some_and(|(months, seconds)| {
        let seconds = (i64::from(months / 12) * 365 + i64::from(months % 12) * 30) * 86_400 + seconds;
        (86_400..=730 * 86_400).contains(&seconds)
    })
}

/// What is asked of a relationship: all of it when it is made, what is named when it is changed.
pub(super) struct Asked<'a> {
    pub(super) partner: PartnerTenantId,
    pub(super) relationship: &'a GdapRelationshipId,
    pub(super) name: Option<&'a str>,
    pub(super) duration: Option<&'a GdapDuration>,
    pub(super) extension: Option<&'a GdapAutoExtend>,
    pub(super) roles: Option<&'a BTreeSet<RoleId>>,
}

impl Scene<'_> {
    pub(super) fn judge_terms(&self, asked: &Asked<'_>, found: &mut Judgement) {
        if let Some(name) = asked.name {
            self.judge_name(asked.partner, asked.relationship, name, found);
        }
        if asked.duration.is_some_and(|duration| !in_range(duration)) {
            found.code("duration_out_of_range");
        }
        if let Some(roles) = asked.roles {
            judge_roles(roles, found);
        }
        if let Some(extension) = asked.extension {
            if !extension.is_recognised() {
                found.code("auto_extend_invalid");
            }
            let roles = asked.roles.is_some_and(|roles| roles.contains(&GLOBAL_ADMINISTRATOR));
            if roles && *extension == GdapAutoExtend::P180D {
                found.code("auto_extend_not_allowed_with_global_administrator");
            }
        }
    }

    /// Rules G-1 to G-3: one to fifty characters, and used by no relationship of the partner that is still shown.
    pub(super) fn judge_name(
        &self,
        partner: PartnerTenantId,
        relationship: &GdapRelationshipId,
        name: &str,
        found: &mut Judgement,
    ) {
        if name.is_empty() || name.chars().count() > 50 {
            found.code("display_name_invalid");
        }
        let others = self.granular.known().iter().filter(|((owner, id), _)| *owner == partner && id != relationship);
        for (_, other) in others.filter(|(_, other)| other.name.as_deref() == Some(name)) {
            match self.is_shown(other) {
                Some(true) => found.code("display_name_not_unique"),
                Some(false) => {}
                None => found.unsure = true,
            }
        }
    }

    /// Whether Microsoft still shows a relationship; none where the text leaves it open.
    fn is_shown(&self, granular: &Granular) -> Option<bool> {
        if granular.cleaned_up {
            return Some(false);
        }
        match granular.status_at(self.at) {
            Some((GdapStatus::Deleted | GdapStatus::RequestExpired, _)) => Some(false),
            // "Gone, or remains pending".
            Some((GdapStatus::Rejected, _)) => None,
            Some((GdapStatus::Expired | GdapStatus::Terminated, since)) => {
                Some(self.at < since.plus_days(cloud::GDAP_KEPT_DAYS))
            }
            Some(_) | None => Some(true),
        }
    }
}

/// Rule G-5.
pub(super) fn judge_roles(roles: &BTreeSet<RoleId>, found: &mut Judgement) {
    if roles.is_empty() || roles.iter().any(|role| !BUILT_IN.contains(role)) {
        found.code("role_not_supported");
    }
}
