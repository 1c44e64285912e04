//! What a companion belongs to: by reference first, then by equal name.

use super::{Resource, contradiction, named};
use crate::read::shape::{is_nothing, member, set, take};
use crate::read::{Content, Datum, Record};
use crate::value::{Condition, Hole, Instance, Of, Piece, Text, Truth, Why};
use std::collections::HashMap;
use std::sync::Arc;

/// The attributes by which a resource is named.
const NAMES: [&str; 4] = ["id", "Arn", "PolicyArn", "TopicName"];

/// Conditions nest no deeper than this on the way to a name; what is behind more is unknown.
const MOST_CONDITIONS: usize = 4;

/// The owners that are meant: their types, and how they are named.
#[derive(Clone, Copy)]
pub(super) struct Kinds {
    types: &'static [&'static str],
    name: &'static str,
    /// What stands before the name, in texts that are ARNs.
    marker: &'static str,
}

impl Kinds {
    /// Keys: by id or ARN.
    pub(super) const KEYS: Kinds = Kinds {
        types: &["aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key"],
        name: "key_id",
        marker: ":key/",
    };
    pub(super) const BUCKETS: Kinds = Kinds { types: &["aws_s3_bucket"], name: "bucket", marker: "" };
    pub(super) const ROLES: Kinds = Kinds { types: &["aws_iam_role"], name: "name", marker: "" };
    pub(super) const USERS: Kinds = Kinds { types: &["aws_iam_user"], name: "name", marker: "" };
    pub(super) const GROUPS: Kinds = Kinds { types: &["aws_iam_group"], name: "name", marker: "" };
    pub(super) const POLICIES: Kinds = Kinds { types: &["aws_iam_policy"], name: "arn", marker: "" };
    pub(super) const PERMISSION_SETS: Kinds =
        Kinds { types: &["aws_ssoadmin_permission_set"], name: "arn", marker: "" };
    pub(super) const TOPICS: Kinds = Kinds { types: &["aws_sns_topic"], name: "name", marker: ":sns:" };
    pub(super) const ORGANIZATION_POLICIES: Kinds =
        Kinds { types: &["aws_organizations_policy"], name: "id", marker: "" };
}

/// How a text means an owner.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meant {
    /// Surely.
    Surely,
    /// On these sides of conditions.
    If(Vec<(Condition, bool)>),
    /// It cannot be told.
    Perhaps(Why),
}

/// The owners of some types, found by their addresses and names.
pub(super) struct Owners {
    kinds: Kinds,
    declared: HashMap<(Instance, Arc<str>), usize>,
    /// Resources whose number is not known have one address for all.
    repeated: HashMap<(Instance, String), Vec<usize>>,
    by_name: HashMap<Text, Vec<usize>>,
    all: Vec<(usize, Option<Text>)>,
    /// Those whose names are not whole.
    open: Vec<usize>,
}

impl Owners {
    pub(super) fn of(kinds: Kinds, resources: &[Resource]) -> Owners {
        let mut owners = Owners {
            kinds,
            declared: HashMap::new(),
            repeated: HashMap::new(),
            by_name: HashMap::new(),
            all: Vec::new(),
            open: Vec::new(),
        };
        for (place, Resource { terraform, record }) in resources.iter().enumerate() {
            if !kinds.types.contains(&&**terraform) {
                continue;
            }
            owners.declared.insert((record.instance, record.address.clone()), place);
            if record.address.contains('[') {
                let address = repeated(&record.address);
                owners.repeated.entry((record.instance, address)).or_default().push(place);
            }
            let name = member(&record.properties, kinds.name).filter(|name| !is_nothing(&name.content));
            let names = name.map(candidates).unwrap_or_default();
            for name in names.iter().filter_map(named) {
                owners.by_name.entry(name).or_default().push(place);
            }
            let name = name.map(Datum::as_text);
            if name.as_ref().is_some_and(|name| name.literal().is_none()) {
                owners.open.push(owners.all.len());
            }
            owners.all.push((place, name));
        }
        owners
    }

    /// The owners that a value may mean.
    pub(super) fn meant(&self, aim: &Datum) -> Vec<(usize, Meant)> {
        let mut found = Vec::new();
        self.follow(aim, &mut Vec::new(), &mut found);
        found
    }

    /// The owners that a value may mean in any world: what is sure here need not be there.
    pub(super) fn within_reach(&self, aim: &Datum) -> Vec<usize> {
        let mut found: Vec<(usize, Meant)> = Vec::new();
        let mut open = vec![aim];
        while let Some(aim) = open.pop() {
            match &aim.content {
                Content::Either(_, yes, no) => open.extend([&**yes, &**no]),
                Content::OneOf { values, .. } => open.extend(values),
                Content::List(items) => open.extend(items),
                Content::Absent => {}
                _ => {
                    found.extend(self.meant(aim));
                    self.perhaps(&self.text_of(aim), aim, &mut found);
                }
            }
        }
        found.into_iter().map(|(place, _)| place).collect()
    }

    /// The text that names an owner, without what stands before it in an ARN.
    fn text_of(&self, aim: &Datum) -> Text {
        let text = aim.as_text();
        match self.kinds.marker {
            "" => text,
            ":sns:" => text.after_last(':').unwrap_or(text),
            marker => text.after(marker).unwrap_or(text),
        }
    }

    fn follow(&self, aim: &Datum, way: &mut Vec<(Condition, bool)>, found: &mut Vec<(usize, Meant)>) {
        match &aim.content {
            Content::Either(condition, ..) if way.len() >= MOST_CONDITIONS => {
                self.perhaps(&Text::unknown(Why::condition(condition.clone())), aim, found);
            }
            Content::Either(condition, yes, no) => {
                for (side, holds) in [(yes, true), (no, false)] {
                    way.push((condition.clone(), holds));
                    self.follow(side, way, found);
                    way.pop();
                }
            }
            Content::OneOf { why, values, .. } => {
                let each = values.iter().flat_map(|value| self.meant(value));
                found.extend(each.map(|(place, _)| (place, Meant::Perhaps(why.clone().at(aim.span)))));
            }
            Content::Absent => {}
            _ => {
                let text = self.text_of(aim);
                let surely = self.named(&text);
                let meant = || if way.is_empty() { Meant::Surely } else { Meant::If(way.clone()) };
                match surely.is_empty() {
                    true => self.perhaps(&text, aim, found),
                    false => found.extend(surely.into_iter().map(|place| (place, meant()))),
                }
            }
        }
    }

    /// The owners that a text names.
    fn named(&self, text: &Text) -> Vec<usize> {
        if let Some(Hole { instance, of: Of::Resource { address, attribute } }) = text.hole()
            && (NAMES.contains(&&**attribute) || attribute.is_empty())
        {
            if let Some(place) = self.declared.get(&(*instance, address.clone())) {
                return vec![*place];
            }
            if let Some(places) = self.repeated.get(&(*instance, repeated(address))) {
                // One that is not there by its own address is there by that of all, or the reference is to all.
                return places.clone();
            }
        }
        named(text).and_then(|name| self.by_name.get(&name)).cloned().unwrap_or_default()
    }

    /// The owners whose names a text may turn out to be.
    fn perhaps(&self, text: &Text, aim: &Datum, found: &mut Vec<(usize, Meant)>) {
        let reference = matches!(text.hole(), Some(Hole { of: Of::Resource { .. }, .. }));
        if reference {
            return;
        }
        let why = |why: Why| Meant::Perhaps(why.at(aim.span));
        let of_all = |(place, name): &(usize, Option<Text>)| match (name, text.why()) {
            (Some(name), _) => match name.same(text) {
                Truth::Unknown(whys, _) => whys.into_iter().next().map(|one| (*place, why(one))),
                Truth::True(_) => Some((*place, Meant::Surely)),
                Truth::False(_) => None,
            },
            // A made-up name is nobody's to write, but may be passed on.
            (None, Some(open)) if text.hole().is_some() || text.pieces().len() == 1 => Some((*place, why(open))),
            (None, _) => None,
        };
        match text.literal() {
            Some(_) => found.extend(self.open.iter().filter_map(|at| of_all(self.all.get(*at)?))),
            None => found.extend(self.all.iter().filter_map(of_all)),
        }
    }
}

/// An address with every index left open: `a["x"].b[0]` as `a[*].b[*]`.
fn repeated(address: &str) -> String {
    let mut open = String::new();
    let mut inside = 0usize;
    let mut quoted = false;
    for character in address.chars() {
        match character {
            '"' => quoted = inside > 0 && !quoted,
            '[' if !quoted => {
                if inside == 0 {
                    open.push_str("[*");
                }
                inside += 1;
            }
            ']' if !quoted && inside > 0 => {
                inside -= 1;
                if inside == 0 {
                    open.push(']');
                }
            }
            _ if inside == 0 => open.push(character),
            _ => {}
        }
    }
    open
}

/// Every text that a name may be.
pub(super) fn candidates(name: &Datum) -> Vec<Text> {
    match &name.content {
        Content::Either(_, yes, no) => [candidates(yes), candidates(no)].concat(),
        Content::OneOf { values, text, .. } => values.iter().flat_map(candidates).chain([text.clone()]).collect(),
        Content::Text { text, .. } => vec![text.clone()],
        _ => Vec::new(),
    }
}

/// Something that is to be joined to its owner.
pub(super) struct Part<'c> {
    pub(super) companion: &'c Record,
    /// What names the owner.
    pub(super) aim: Option<Datum>,
    /// What the owner gets.
    pub(super) value: Datum,
}

/// A condition under which a companion exists and its owner need not.
pub(super) fn own_condition(companion: &Record, owner: &Record) -> Option<Condition> {
    let condition = companion.undecided.clone()?;
    (owner.undecided.as_ref() != Some(&condition) && !owner.conditions.contains(&condition)).then_some(condition)
}

/// Notes that a companion was joined.
pub(super) fn note(owner: &mut Record, companion: &Record) {
    if owner.address != companion.address && owner.joined.iter().all(|(address, _)| *address != companion.address) {
        owner.joined.push((companion.address.clone(), companion.span));
    }
}

/// What is for one owner, by how sure that is.
#[derive(Default)]
struct Found<'p, 'c> {
    surely: Vec<&'p Part<'c>>,
    perhaps: Option<Why>,
    sides: Vec<(&'p Part<'c>, Vec<(Condition, bool)>)>,
}

/// Gives each owner, as a member of this name, what its companions say.
pub(super) fn join(resources: &mut [Resource], kinds: Kinds, key: &str, parts: Vec<Part>) {
    if parts.is_empty() {
        return;
    }
    let owners = Owners::of(kinds, resources);
    let mut found: HashMap<usize, Found> = HashMap::new();
    for part in &parts {
        let Some(aim) = &part.aim else { continue };
        for (place, meant) in owners.meant(aim) {
            let Some(owner) = resources.get(place) else { continue };
            let all = found.entry(place).or_default();
            let mut way = match meant {
                Meant::Perhaps(why) => {
                    all.perhaps.get_or_insert(why);
                    continue;
                }
                Meant::Surely => Vec::new(),
                Meant::If(way) => way,
            };
            way.extend(own_condition(part.companion, &owner.record).map(|condition| (condition, true)));
            match way.is_empty() {
                true => all.surely.push(part),
                false => all.sides.push((part, way)),
            }
        }
    }
    for (place, all) in found {
        let Some(Resource { record, .. }) = resources.get_mut(place) else { continue };
        let inline = take(&mut record.properties, key).map(|inline| inline.value);
        // Where not all that is written can be seen, the side without a companion is not nothing.
        let unseen = match &record.properties.content {
            Content::Map { rest: Some(why), .. } => Some(Datum::unknown(why.clone(), record.span)),
            _ => None,
        };
        let value = combined(all, inline.or(unseen), record, key);
        let span = value.span;
        set(&mut record.properties, key, span, value);
    }
}

/// What the companions of one owner say together.
fn combined(all: Found, inline: Option<Datum>, owner: &mut Record, key: &str) -> Datum {
    for part in all.surely.iter().chain(all.sides.iter().map(|(part, _)| part)) {
        note(owner, part.companion);
    }
    let mut value = match (all.surely.as_slice(), all.perhaps) {
        ([first, rest @ ..], _) => match rest.iter().all(|part| means_the_same(&part.value, &first.value)) {
            true => first.value.clone(),
            false => Datum::unknown(contradiction(key), first.companion.span),
        },
        ([], Some(why)) => Datum::unknown(why, owner.span),
        ([], None) => inline.unwrap_or_else(|| Datum::new(Content::Absent, owner.span)),
    };
    for (part, way) in all.sides {
        let mut side = part.value.clone();
        for (condition, holds) in way.into_iter().rev() {
            let (yes, no) = if holds { (side, value.clone()) } else { (value.clone(), side) };
            let span = part.companion.span;
            side = Datum::new(Content::Either(condition, Box::new(yes), Box::new(no)), span);
        }
        value = side;
    }
    value
}

/// Whether two values are equal, wherever they are written.
pub(super) fn means_the_same(one: &Datum, other: &Datum) -> bool {
    match (&one.content, &other.content) {
        (Content::List(one), Content::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| means_the_same(one, other))
        }
        (Content::Map { members: one, rest: None }, Content::Map { members: other, rest: None }) => {
            let written = |members: &[crate::read::Member]| {
                members.iter().filter(|member| !is_nothing(&member.value.content)).count()
            };
            let same = |member: &crate::read::Member| {
                is_nothing(&member.value.content)
                    || other.iter().any(|it| it.key == member.key && means_the_same(&it.value, &member.value))
            };
            written(one) == written(other) && one.iter().all(same)
        }
        (Content::Text { text: one, .. }, Content::Text { text: other, .. }) => {
            one == other && !one.pieces().iter().any(|piece| matches!(piece, Piece::Unknown(_)))
        }
        (one, other) => is_nothing(one) && is_nothing(other),
    }
}
