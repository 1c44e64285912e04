//! Where the logs of a bucket are, and whether its policies let CloudTrail put them there.
//!
//! A trail writes below `PREFIX/AWSLogs/ACCOUNT/` or, for an organization, below `PREFIX/AWSLogs/o-ID/ACCOUNT/` (CloudTrail
//! User Guide, "Finding your CloudTrail log files"; facts §4.2). Where no trail is in sight, the grants of the policies
//! themselves say where the logs are to go.

use super::arn::{anything, organization_of, paths_of};
use super::cloudtrail::{context_of_hidden_trail, hidden};
use super::iam::{Context, Effect, Hit, Known, Operator, Policy, Request, Statement, weigh};
use super::{Bucket, CLOUDTRAIL, Cx, Link, Route, Trail};
use crate::source::Span;
use crate::value::{Case, Match, Of, Pattern, Text, Truth, Value, Verdict, Why, WhyKind};

const ENCRYPTION: &str = "s3:x-amz-server-side-encryption";
const ENCRYPTION_KEY: &str = "s3:x-amz-server-side-encryption-aws-kms-key-id";

/// A folder below `AWSLogs/`, and anything in it.
fn folder(base: &Text, holder: &Text, kind: &str) -> Text {
    Text::concat([base, holder, &format!("/{kind}/").as_str().into(), &anything()])
}

impl<'a> Cx<'a> {
    /// Whether something holds of all objects that a trail writes.
    fn holds_for(&self, bucket: &Bucket, trail: &Trail, ask: &dyn Fn(&Text) -> Truth) -> Truth {
        trail.prefix.ask(&|prefix, _| {
            let base = self.base(bucket, prefix.as_ref());
            let of = |organization: bool| {
                let holder = self.holder(trail, organization);
                let digests = ask(&folder(&base, &holder, "CloudTrail-Digest"));
                let digests = match digests.is_true() {
                    true => digests,
                    false => trail.log_file_validation.ask(&|on, _| if *on { digests.clone() } else { Truth::yes() }),
                };
                ask(&folder(&base, &holder, "CloudTrail")).and(digests)
            };
            match trail.organization.get() {
                Some(organization) => of(*organization),
                None => either_way(&trail.organization, of(true), of(false)),
            }
        })
    }

    /// What the keys of a trail's objects begin with, up to `AWSLogs/`.
    pub(super) fn base(&self, bucket: &Bucket, prefix: Option<&Text>) -> Text {
        let mut base = Text::concat([&self.bucket_arn(bucket), &"/".into()]);
        if let Some(prefix) = prefix.filter(|prefix| !prefix.is_empty().is_true()) {
            base = Text::concat([&base, prefix, &"/".into()]);
        }
        Text::concat([&base, &"AWSLogs/".into()])
    }

    /// The account whose folder it is, or the organization and any account of it.
    fn holder(&self, trail: &Trail, organization: bool) -> Text {
        match organization {
            true => paths_of(&self.names().resolve(&organization_of(&trail.at))),
            false => trail.at.home.account.clone(),
        }
    }

    /// Whether something holds of all log objects of a bucket, whichever trail writes them.
    pub fn holds_for_logs(&self, bucket: &Bucket, policies: &[&Policy], ask: &dyn Fn(&Text) -> Truth) -> Truth {
        let routes = self.trails_of_bucket(bucket);
        if routes.is_empty() {
            return Truth::all(self.promised_objects(bucket, policies).iter().map(ask));
        }
        let each = routes.iter().map(|route| unless_gone(route, self.holds_for(bucket, route.trail, ask)));
        Truth::all(each)
    }

    /// Where the log objects of a bucket are.
    ///
    /// # Errors
    ///
    /// Why it cannot be told.
    pub fn log_objects(&self, bucket: &Bucket, policies: &[&Policy]) -> Result<Vec<Text>, Why> {
        let routes = self.trails_of_bucket(bucket);
        if routes.is_empty() {
            return Ok(self.promised_objects(bucket, policies));
        }
        let mut all = Vec::new();
        for Route { trail, conditions } in routes {
            let open = conditions.into_iter().map(|(condition, _)| condition).chain(trail.at.undecided.clone()).next();
            let why = open.map(Why::condition).or_else(|| trail.prefix.why()).or_else(|| trail.organization.why());
            match (why, trail.prefix.get(), trail.organization.get()) {
                (None, Some(prefix), Some(organization)) => {
                    let (base, holder) = (self.base(bucket, prefix.as_ref()), self.holder(trail, *organization));
                    all.extend(["CloudTrail", "CloudTrail-Digest"].map(|kind| folder(&base, &holder, kind)));
                }
                (why, ..) => return Err(why.unwrap_or_else(|| self.trail_elsewhere())),
            }
        }
        Ok(all)
    }

    fn trail_elsewhere(&self) -> Why {
        Why::not_visible("the trail", "the trail that delivers here is not declared in this run")
    }

    /// Where CloudTrail's grants let the logs of a trail go that is not in sight; the whole bucket where they say nothing.
    fn promised_objects(&self, bucket: &Bucket, policies: &[&Policy]) -> Vec<Text> {
        let request = self.put(self.context_of_hidden_trail(bucket), &self.objects_of(bucket));
        let decision = weigh(policies.iter().copied(), &request);
        let grants = decision.hits.iter().filter(|hit| may_grant(hit));
        let found: Vec<Text> = grants.flat_map(|hit| self.promises(bucket, hit.statement)).collect();
        if found.is_empty() { vec![self.objects_of(bucket)] } else { found }
    }

    /// The log objects that each resource of a statement leaves room for.
    fn promises(&self, bucket: &Bucket, statement: &Statement) -> Vec<Text> {
        let own = Pattern::new(&Text::concat([&self.bucket_arn(bucket), &"/*".into()]), Match::Wild, Case::Matters);
        let account = hidden(Of::Account);
        let values = statement.resources.these.candidates().into_iter().flatten().flatten();
        let texts = values.flat_map(Value::candidates).map(|text| self.names().resolve(text));
        let promised = texts.filter_map(|text| {
            let text =
                if text.literal() == Some("*") { Text::concat([&self.bucket_arn(bucket), &"/*".into()]) } else { text };
            let open = Statement::ranging(&text.strip_suffix("*")?);
            let logs = match text.strip_suffix("*")?.after("AWSLogs/") {
                None => folder(&Text::concat([&open, &"AWSLogs/".into()]), &account, "CloudTrail"),
                // The folder of all accounts, or that of an organization.
                Some(rest) if is_shared(&rest) => folder(&open, &account, "CloudTrail"),
                Some(rest) if rest.strip_suffix("/").is_some_and(|one| one.after("/").is_none()) => {
                    Text::concat([&open, &"CloudTrail/".into(), &anything()])
                }
                Some(_) => Text::concat([&open, &anything()]),
            };
            own.fits(&Pattern::subject(&logs, Case::Matters)).all.is_true().then_some(logs)
        });
        promised.collect()
    }

    fn put(&self, context: Context, resource: &Text) -> Request<'a> {
        self.by_cloudtrail("s3:PutObject", resource, context)
    }

    /// What a trail's requests to a bucket carry beside what says whose they are.
    fn with_bucket(&self, context: Context, bucket: &Bucket) -> Context {
        context
            .with("aws:ResourceAccount", Known::One(bucket.at.home.account.clone()))
            .with("aws:ResourceOrgID", Known::One(organization_of(&bucket.at)))
            .with("s3:TlsVersion", Known::One("1.3".into()))
    }

    fn context_of_hidden_trail(&self, bucket: &Bucket) -> Context {
        self.with_bucket(context_of_hidden_trail(bucket), bucket)
    }

    /// Whether CloudTrail may read the bucket's ACL, and whether it may write, for a trail that delivers here.
    pub fn delivers(&self, bucket: &Bucket, policies: &[&Policy], route: &Route) -> [Truth; 2] {
        let context = self.with_bucket(self.context_of(route.trail), bucket);
        let ask = |key: &Text| self.writes(policies, &context, Some(&route.trail.key), key);
        let write = self.holds_for(bucket, route.trail, &ask).and(self.writes_of_manager(bucket, route.trail, &ask));
        [self.reads_acl(bucket, policies, context.clone()), write].map(|truth| unless_gone(route, truth))
    }

    /// Whether the trail of an organization that is to be made may also write below its own account's id. AWS's policy for
    /// such trails has that statement too (CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail"), and a trail was
    /// refused without it; whether all are is not documented.
    fn writes_of_manager(&self, bucket: &Bucket, trail: &Trail, ask: &dyn Fn(&Text) -> Truth) -> Truth {
        if trail.at.is_live() {
            return Truth::yes();
        }
        let is_member = trail.organization.is(true);
        let may = trail.prefix.ask(&|prefix, _| {
            let base = self.base(bucket, prefix.as_ref());
            match ask(&folder(&base, &trail.at.home.account, "CloudTrail")) {
                Truth::False(_) => {
                    let text = "AWS's policy for a trail of an organization also lets CloudTrail write below \
                        `AWSLogs/` and the management account's id; whether such a trail can be made without is not documented";
                    Truth::unknown(Why::new(WhyKind::NotVisible, "AWSLogs", text).at(bucket.at.span))
                }
                known => known,
            }
        });
        if is_member.is_false() { Truth::yes() } else { is_member.not().or(may) }
    }

    /// Trails of this scope that may deliver here, as far as the names of their buckets are not known.
    fn possible_routes(&self) -> Vec<Route<'a>> {
        let open = |name: &Option<Text>| match name {
            Some(name) => name.literal().is_none() && matches!(self.bucket_named(name), Link::Elsewhere),
            None => false,
        };
        let unnamed = self.scope.trails.iter().filter(|trail| trail.bucket.get().is_none_or(open));
        unnamed.map(|trail| Route { trail, conditions: Vec::new() }).collect()
    }

    /// The same for a trail that is not in sight: true where any trail gets in, false where none can.
    pub fn lets_a_trail_in(&self, bucket: &Bucket, policies: &[&Policy]) -> [Truth; 2] {
        let context = self.context_of_hidden_trail(bucket);
        let everything = Text::concat([&self.objects_of(bucket), &"AWSLogs/".into(), &anything()]);
        let decision = weigh(policies.iter().copied(), &self.put(context.clone(), &everything));
        let mut first = None;
        let each = decision.hits.iter().filter(|hit| may_grant(hit)).map(|hit| {
            let promises = self.promises(bucket, hit.statement);
            let unsure = hit.meeting.resource.some.clone().and(Truth::unknown(self.trail_elsewhere()));
            let any = match promises.is_empty() {
                true => unsure,
                false => Truth::any(promises.iter().map(|key| self.writes(policies, &context, None, key))),
            };
            if any.is_false() {
                first.get_or_insert_with(|| any.clone());
            }
            any
        });
        let any = Truth::any(each.collect::<Vec<_>>());
        let write = if any.is_false() {
            first
                .filter(|truth| matches!(truth, Truth::False(ground) if !ground.facts.is_empty()))
                .unwrap_or_else(|| decision.allowed())
        } else {
            any
        };
        let possible = self.possible_routes();
        let possible = possible.iter().map(|route| (self.delivers(bucket, policies, route), route));
        let (acl, write) =
            possible.fold((self.reads_acl(bucket, policies, context), write), |known, (other, route)| {
                let [acl, write] = other.map(|truth| match (truth, route.trail.bucket.why()) {
                    (Truth::False(_), why) => Truth::unknown(why.unwrap_or_else(|| self.trail_elsewhere())),
                    (decided, _) => decided,
                });
                (known.0.and(acl), known.1.and(write))
            });
        let unlisted = self.unlisted_trails();
        [acl, write].map(|truth| match truth {
            // Another trail may be one of those that could not be listed.
            Truth::True(_) if unlisted.is_some() => unlisted.clone().map_or(truth, Truth::unknown),
            Truth::Unknown(whys, _) if whys.iter().all(|why| why.condition.is_none()) => {
                Truth::unknown(self.trail_elsewhere().at(bucket.at.span))
            }
            decided => decided,
        })
    }

    fn reads_acl(&self, bucket: &Bucket, policies: &[&Policy], context: Context) -> Truth {
        // Who reads an ACL sends none along.
        let context = context.with("s3:x-amz-acl", Known::Absent);
        let request = self.by_cloudtrail("s3:GetBucketAcl", &self.bucket_arn(bucket), context);
        weigh(policies.iter().copied(), &request).allowed()
    }

    /// Whether objects of a key may be written, however CloudTrail has them encrypted: with S3's keys when it tries a new
    /// trail, with the trail's key afterwards (CloudTrail User Guide; facts §4.1).
    fn writes(
        &self,
        policies: &[&Policy],
        context: &Context,
        key: Option<&Value<Option<Text>>>,
        object: &Text,
    ) -> Truth {
        let ask = |encryption: Known, key: Known| {
            let context = context.clone().with(ENCRYPTION, encryption).with(ENCRYPTION_KEY, key);
            weigh(policies.iter().copied(), &self.put(context, object)).allowed()
        };
        let plain = ask(Known::One("AES256".into()), Known::Absent);
        let keyed = key.map_or_else(Truth::yes, |key| {
            key.ask(&|key, _| match key {
                Some(key) if !key.is_empty().is_true() => {
                    let is_arn = key.starts_with("arn:").is_true();
                    let shown =
                        if is_arn { Known::One(key.clone()) } else { Known::Unclear("a delivery of CloudTrail") };
                    ask(Known::One("aws:kms".into()), shown).or(key.is_empty())
                }
                _ => Truth::yes(),
            })
        });
        plain.and(keyed).and(self.writes_unnamed(policies, context, object))
    }

    /// Whether a Deny asks for an encryption to be named at all. Whether each of CloudTrail's uploads does is not
    /// documented: AWS says that such a Deny prevents trails from being made, and there are trails that deliver beside one.
    fn writes_unnamed(&self, policies: &[&Policy], context: &Context, object: &Text) -> Truth {
        let context = context.clone().with(ENCRYPTION, Known::Absent).with(ENCRYPTION_KEY, Known::Absent);
        let decision = weigh(policies.iter().copied(), &self.put(context, object));
        let asks = |statement: &Statement| {
            let is_null = |operator: &str| Operator::parse(operator).is_some_and(|it| it.is_null());
            let test = statement.tests().find(|(operator, test)| is_null(operator) && test.is_of(ENCRYPTION));
            test.map(|(_, test)| test.origin.span)
        };
        let denied = decision.hits.iter().filter_map(|hit| {
            let place = asks(hit.statement)?;
            let denies = hit.statement.does(Effect::Deny).and(hit.meeting.whole().some);
            let text = "a Deny asks for the encryption of uploads to be named, and it is not documented that each of CloudTrail's does";
            let unsure = Truth::unknown(Why::not_visible(ENCRYPTION, text).at(place));
            Some(denies.and(unsure))
        });
        Truth::any(denied).not()
    }

    /// Whether CloudTrail is named at all.
    pub fn names_cloudtrail(&self, policies: &[&Policy]) -> bool {
        policies.iter().any(|policy| policy.names_service(CLOUDTRAIL))
    }

    /// A verdict in words, with the statement that it is about.
    pub fn told(&self, verdict: Verdict, policies: &[&Policy], bucket: &Bucket, label: &'static str) -> Verdict {
        let verdict = verdict.or_at(bucket.at.span).label(label);
        let part = match &verdict {
            Verdict::Fail(faults, _) => faults.first().and_then(|fault| self.part_at(policies, fault.span)),
            _ => None,
        };
        match part {
            Some(part) => verdict.part(&part),
            None => verdict,
        }
    }

    /// The statement in which a place is.
    fn part_at(&self, policies: &[&Policy], place: Span) -> Option<String> {
        let mut statements = policies.iter().flat_map(|policy| policy.statements.candidates()).flatten();
        statements.find(|statement| statement.is_at(place)).map(|statement| statement.name.clone())
    }
}

/// What lies below `AWSLogs/`, up to the star: nothing, or an organization.
fn is_shared(rest: &Text) -> bool {
    rest.pieces().is_empty()
        || rest.strip_suffix("/").is_some_and(|one| {
            one.literal().is_some_and(|id| id.starts_with("o-") && !id.contains('/'))
                || one.hole().is_some_and(|hole| hole.of == Of::Organization)
        })
}

fn may_grant(hit: &Hit) -> bool {
    let meeting = [&hit.meeting.principal, &hit.meeting.action];
    !hit.statement.does(Effect::Allow).is_false() && !meeting.iter().any(|fit| fit.some.is_false())
}

/// What need not hold where the trail is not there, or does not deliver here.
fn unless_gone(route: &Route, truth: Truth) -> Truth {
    let conditions = route.conditions.iter().map(|(condition, _)| condition.clone());
    let open = conditions.chain(route.trail.at.undecided.clone());
    let gone = Truth::any(open.map(|condition| Truth::unknown(Why::condition(condition))));
    if truth.is_true() { truth } else { gone.or(truth) }
}

/// The answer to a question with two sides, of which it is not known which counts.
fn either_way(value: &Value<bool>, yes: Truth, no: Truth) -> Truth {
    match (&yes, &no) {
        (Truth::True(_), Truth::True(_)) => yes.and(no),
        (Truth::False(_), Truth::False(_)) => yes,
        _ => value.ask(&|side, _| if *side { yes.clone() } else { no.clone() }),
    }
}
