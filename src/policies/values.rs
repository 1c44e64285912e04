//! What a document is filled with: flags, the shapes that their values must have, and what follows from them.
//!
//! A value goes into JSON, YAML and HCL, so its shape leaves no character that means something there.

use std::collections::BTreeMap;

/// A flag of `trailproof policy`, and the placeholder that it fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag {
    /// As it is typed, without its dashes.
    pub name: &'static str,
    /// The placeholder in the documents.
    pub place: &'static str,
    /// What the value must look like.
    pub shape: Shape,
}

/// What a value must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An ARN: its service, how its resource begins, an example.
    Arn(&'static str, &'static str, &'static str),
    /// The ARN of a role, which may leave the account open, and not the role.
    Role,
    /// Twelve digits.
    Account,
    /// The id of an organization.
    Organization,
    /// A root, an organizational unit or an account.
    Target,
    /// What the trust of a role asks for beside the account.
    ExternalId,
    /// The name of a bucket.
    Bucket,
    /// A prefix of object keys.
    Prefix,
    /// A partition.
    Partition,
}

const fn flag(name: &'static str, place: &'static str, shape: Shape) -> Flag {
    Flag { name, place, shape }
}

/// Every flag, in the order in which messages name them.
const FLAGS: [Flag; 15] = [
    flag(
        "trail-arn",
        "TrailArn",
        Shape::Arn("cloudtrail", "trail/", "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"),
    ),
    flag("bucket", "Bucket", Shape::Bucket),
    flag("prefix", "Prefix", Shape::Prefix),
    flag("access-log-bucket", "AccessLogBucket", Shape::Bucket),
    flag("org-id", "OrgId", Shape::Organization),
    flag("account", "Account", Shape::Account),
    flag(
        "key-arn",
        "KeyArn",
        Shape::Arn("kms", "key/", "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
    ),
    flag(
        "log-group-arn",
        "LogGroupArn",
        Shape::Arn("logs", "log-group:", "arn:aws:logs:eu-west-1:111122223333:log-group:audit"),
    ),
    flag("topic-arn", "TopicArn", Shape::Arn("sns", "", "arn:aws:sns:eu-west-1:111122223333:audit")),
    flag("rule-arn", "RuleArn", Shape::Arn("events", "rule/", "arn:aws:events:eu-west-1:111122223333:rule/tampering")),
    flag(
        "alarm-arn",
        "AlarmArn",
        Shape::Arn("cloudwatch", "alarm:", "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:audit-*"),
    ),
    flag("exempt-role", "ExemptRole", Shape::Role),
    flag("external-id", "ExternalId", Shape::ExternalId),
    flag("target", "Target", Shape::Target),
    flag("partition", "Partition", Shape::Partition),
];

/// Placeholders that follow from a flag's value.
const DERIVED: [(&str, &str); 3] =
    [("TrailAccount", "TrailArn"), ("LogGroupAccount", "LogGroupArn"), ("LogGroupRegion", "LogGroupArn")];

/// Placeholders that are filled for every document.
const OWN: [&str; 2] = ["Name", "Description"];

/// Placeholders that may stay without a value: what holds them is left out.
const OPTIONAL: [&str; 4] = ["ExemptRole", "ExternalId", "Prefix", "Partition"];

/// The values of a run, each of the right shape.
#[derive(Clone, Debug, Default)]
pub struct Values {
    by_place: BTreeMap<&'static str, String>,
    given: Vec<Flag>,
}

impl Values {
    /// Takes values by the names of their flags; the message of the first that has the wrong shape.
    pub fn new(given: &[(&str, &str)]) -> Result<Values, String> {
        let mut values = Values::default();
        let mut partition: Option<(&str, &str)> = None;
        for (name, text) in given {
            let Some(flag) = FLAGS.iter().find(|flag| flag.name == *name) else {
                return Err(format!("there is no flag `--{name}`"));
            };
            let text = flag.shape.normal(text).map_err(|why| format!("`--{name} {text}` {why}"))?;
            let own = match flag.shape {
                Shape::Arn(..) | Shape::Role => text.split(':').nth(1),
                Shape::Partition => Some(text),
                _ => None,
            };
            match (own, partition) {
                (Some(own), Some((first, other))) if own != other => {
                    return Err(format!(
                        "`--{name}` is of the partition {own}, `--{first}` of {other}: one of them is wrong"
                    ));
                }
                (Some(own), None) => partition = Some((name, own)),
                _ => {}
            }
            values.derive(flag.place, text);
            let text = if flag.shape == Shape::Prefix { format!("{text}/") } else { text.to_owned() };
            values.by_place.insert(flag.place, text);
            values.given.push(*flag);
        }
        values.set("Partition", partition.map_or("aws", |(_, partition)| partition).to_owned());
        values.by_place.entry("Prefix").or_default();
        Ok(values)
    }

    fn derive(&mut self, place: &str, text: &str) {
        for (derived, _) in DERIVED.iter().filter(|(_, from)| *from == place) {
            let segment = if derived.ends_with("Region") { 3 } else { 4 };
            self.set(derived, text.split(':').nth(segment).unwrap_or_default().to_owned());
        }
    }

    pub(super) fn set(&mut self, place: &'static str, text: String) {
        self.by_place.insert(place, text);
    }

    pub(super) fn get(&self, place: &str) -> Option<&str> {
        self.by_place.get(place).map(String::as_str)
    }

    /// The flags whose values some texts need and do not have.
    pub(super) fn missing(&self, texts: &[&str]) -> Vec<Flag> {
        let needed = needed(texts);
        let missing = |flag: &&Flag| needed.contains(&flag.place) && self.get(flag.place).is_none();
        FLAGS.iter().filter(|flag| !OPTIONAL.contains(&flag.place)).filter(missing).copied().collect()
    }

    /// The flags whose values were given and have no place in some texts.
    pub(super) fn unused(&self, texts: &[&str]) -> Vec<Flag> {
        let needed = needed(texts);
        self.given.iter().filter(|flag| !needed.contains(&flag.place)).copied().collect()
    }
}

/// The places that some texts name, those included from which they follow.
fn needed<'t>(texts: &[&'t str]) -> Vec<&'t str> {
    let named = texts.iter().flat_map(|text| text.split("${").skip(1).filter_map(|rest| rest.split('}').next()));
    let source = |place: &'t str| DERIVED.iter().find(|(derived, _)| *derived == place).map_or(place, |(_, from)| from);
    named.filter(|place| !OWN.contains(place) && !place.starts_with("Document")).map(source).collect()
}

impl Shape {
    /// The value as the documents spell it, or what is wrong with it.
    fn normal<'t>(&self, text: &'t str) -> Result<&'t str, String> {
        let is = |ok: bool, what: &str| if ok { Ok(text) } else { Err(format!("is not {what}")) };
        let only = |text: &str, more: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
        let is_id = |text: &str, start: &str, least: usize| {
            text.strip_prefix(start).is_some_and(|rest| {
                (least..=32).contains(&rest.len()) && rest.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            })
        };
        match self {
            Shape::Arn(service, start, example) => {
                // The ARN of a log group as CloudFormation gives it names its streams too.
                let bare = if *service == "logs" { text.strip_suffix(":*").unwrap_or(text) } else { text };
                let more = if *service == "cloudwatch" { "-_.:/*" } else { "-_.:/#" };
                let ok = match parts(bare).as_slice() {
                    ["arn", partition, known, region, account, resource] => {
                        is_partition(partition)
                            && known == service
                            && is_region(region)
                            && is_account(account)
                            && resource.strip_prefix(start).is_some_and(|name| !name.is_empty())
                            && only(resource, more)
                    }
                    _ => false,
                };
                if ok { Ok(bare) } else { Err(format!("is not such an ARN as {example}")) }
            }
            Shape::Role => {
                let ok = match parts(text).as_slice() {
                    ["arn", partition, "iam", "", account, resource] => {
                        is_partition(partition)
                            && (is_account(account) || *account == "*")
                            && resource
                                .strip_prefix("role/")
                                .is_some_and(|name| !name.is_empty() && !name.ends_with('/'))
                            && only(resource, "-_.+=,@/")
                    }
                    _ => false,
                };
                is(
                    ok,
                    "the ARN of one role, such as arn:aws:iam::111122223333:role/break-glass (the account may be `*`, the role may not)",
                )
            }
            Shape::ExternalId => is(
                (2..=1224).contains(&text.len()) && only(text, "+=,.@:/-_"),
                "an external id: 2 to 1,224 letters, digits and +=,.@:/-_",
            ),
            Shape::Account => is(is_account(text), "the 12 digits of an account"),
            Shape::Organization => is(is_id(text, "o-", 10), "the id of an organization, such as o-a1b2c3d4e5"),
            Shape::Target => {
                let unit = text.strip_prefix("ou-").and_then(|rest| rest.split_once('-'));
                let is_unit = unit.is_some_and(|(root, unit)| is_id(root, "", 4) && is_id(unit, "", 8));
                is(
                    is_unit || is_id(text, "r-", 4) || is_account(text),
                    "a root (r-a1b2), an organizational unit (ou-a1b2-c3d4e5f6) or an account",
                )
            }
            Shape::Bucket => {
                let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
                let ok = (3..=63).contains(&text.len())
                    && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c))
                    && ends(text.chars().next())
                    && ends(text.chars().next_back());
                is(ok, "the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens")
            }
            Shape::Prefix => {
                let bare = text.strip_suffix('/').unwrap_or(text);
                let ok = !bare.is_empty() && bare.len() <= 200 && !bare.starts_with('/') && only(bare, "-_.=/");
                if ok {
                    Ok(bare)
                } else {
                    Err("is not a prefix: up to 200 letters, digits and any of -_.=/".to_owned())
                }
            }
            Shape::Partition => is(is_partition(text), "a partition, such as aws, aws-us-gov or aws-cn"),
        }
    }
}

/// The six parts of an ARN.
fn parts(arn: &str) -> Vec<&str> {
    arn.splitn(6, ':').collect()
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_region(text: &str) -> bool {
    text.contains('-') && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_partition(text: &str) -> bool {
    text.starts_with("aws") && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}
