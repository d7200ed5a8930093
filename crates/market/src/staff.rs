//! Who is in the groups of the partners over the years (rule A-9).

use ofrecord_core::{Cloud, Timestamp};

use super::action::Staff;
use super::chance::Chance;
use super::customer::{Planned, day};
use super::partners::Cast;

/// Users in each group when it is made: agents first, then those whom assignments name.
const FOUNDERS: [&[u8]; 4] = [&[0, 1], &[2, 3], &[1, 4], &[3, 5]];

/// The movements of every partner, by its index; none where nothing asks who is in a group.
pub(crate) fn movements(seed: u64, cast: &Cast) -> Vec<(u32, Vec<Planned>)> {
    match cast.cloud {
        Cloud::China21Vianet => return Vec::new(),
        Cloud::Worldwide | Cloud::UsGov => {}
    }
    cast.numbers().map(|partner| (partner, of_partner(&mut Chance::of(seed, &format!("staff/{partner}"))))).collect()
}

fn of_partner(chance: &mut Chance) -> Vec<Planned> {
    let mut planned = Vec::new();
    let mut at = day(2018, 1, 2);
    let mut then = |at: Timestamp, staff: Staff| {
        planned.push(Planned { recorded_at: at.plus_seconds(120), effective_at: at, action: staff.into() });
    };
    for (group, founders) in (0_u8..).zip(FOUNDERS) {
        if group == 2 {
            at = day(2022, 1, 10);
        }
        for user in founders {
            at = at.plus_seconds(600);
            then(at, Staff::Joins { group, user: *user });
        }
    }
    let mut members = FOUNDERS.map(<[u8]>::to_vec);
    for _ in 0..2 + chance.below(4) {
        at = at.plus_seconds(i64::try_from(20 * 86_400 + chance.below(300 * 86_400)).unwrap_or(0));
        let (group, leaves) = (chance.below(4), chance.happens(40));
        let Some((group, members)) = (0_u8..).zip(&mut members).find(|(number, _)| u64::from(*number) == group) else {
            continue;
        };
        let movement = match chance.one_of(members).copied().filter(|_| leaves) {
            Some(user) => {
                members.retain(|member| *member != user);
                Staff::Leaves { group, user }
            }
            None => {
                let user = u8::try_from(chance.below(8)).unwrap_or(0);
                members.push(user);
                Staff::Joins { group, user }
            }
        };
        if at < day(2026, 1, 1) {
            then(at, movement);
        }
    }
    planned
}
