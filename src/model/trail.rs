//! Trails.

use super::selectors::Selectors;
use super::status::Status;
use super::{Declared, properties as p};
use crate::read::{Block, Property, Record};
use crate::value::{Origin, Text, Truth, Value, Why};

/// A trail as declared.
#[derive(Clone, Debug)]
pub struct Trail {
    /// Address, place, conditions.
    pub at: Declared,
    /// Its name, where one is given.
    pub name: Value<Option<Text>>,
    /// Whether it logs; none where the required property is left out.
    pub logging: Value<Option<bool>>,
    /// Whether it records every Region.
    pub multi_region: Value<bool>,
    /// Whether it records events of global services such as IAM.
    pub global_events: Value<Option<bool>>,
    /// Whether digests let later changes of the logs be found out.
    pub log_file_validation: Value<bool>,
    /// Whether it records every account of the organization.
    pub organization: Value<bool>,
    /// The name of the bucket that it delivers to.
    pub bucket: Value<Option<Text>>,
    /// What its log objects' keys begin with, before `AWSLogs/`.
    pub prefix: Value<Option<Text>>,
    /// The key that encrypts its logs: id, ARN or alias.
    pub key: Value<Option<Text>>,
    /// The ARN of the log group that receives its events.
    pub log_group: Value<Option<Text>>,
    /// The ARN of the role by which it writes there.
    pub log_role: Value<Option<Text>>,
    /// The topic that announces deliveries.
    pub topic: Value<Option<Text>>,
    /// Which events it records.
    pub selectors: Selectors,
    /// What unusual activity it looks for.
    pub insights: Value<Vec<Insight>>,
    /// Whether it records what its own deliveries cause, where its selectors take that.
    pub recursive: Value<bool>,
    /// The keys of its tags.
    pub tags: Value<Vec<Value<Text>>>,
    /// How it does.
    pub status: Status,
}

/// One kind of Insights events that a trail is set to find.
#[derive(Clone, Debug, PartialEq)]
pub struct Insight {
    /// `ApiCallRateInsight` or `ApiErrorRateInsight`.
    pub kind: Value<Text>,
    /// The categories that are analysed; none means management events.
    pub categories: Value<Option<Vec<Value<Text>>>>,
}

impl Trail {
    pub(super) fn lower(record: &Record) -> Trail {
        let block = record.block();
        Trail {
            at: Declared::new(record),
            name: block.text(&p::TRAIL_NAME),
            logging: block.optional_bool(&p::IS_LOGGING),
            multi_region: block.bool(&p::IS_MULTI_REGION),
            global_events: block.optional_bool(&p::GLOBAL_EVENTS),
            log_file_validation: block.bool(&p::LOG_FILE_VALIDATION),
            organization: block.bool(&p::IS_ORGANIZATION_TRAIL),
            bucket: block.text(&p::S3_BUCKET_NAME),
            prefix: block.text(&p::S3_KEY_PREFIX),
            key: block.text(&p::TRAIL_KEY),
            log_group: block.text(&p::TRAIL_LOG_GROUP),
            log_role: block.text(&p::TRAIL_LOG_ROLE),
            topic: block.text(&p::TRAIL_TOPIC),
            selectors: Selectors::lower(&block),
            insights: block.blocks(&p::INSIGHT_SELECTORS).map(&|all| all.iter().map(insight).collect()),
            recursive: block.bool(&p::RECURSIVE_LOGGING),
            tags: tags(&block),
            status: Status::lower(&block),
        }
    }
}

/// The Regions in which global service events are recorded: of each partition, the one that leads it (aws-facts §1.6).
const GLOBAL_REGIONS: [&str; 2] = ["us-east-1", "us-gov-west-1"];

impl Trail {
    /// Whether it logs.
    pub fn logs(&self) -> Truth {
        self.logging.test(|logging| *logging == Some(true))
    }

    /// Whether it is in the Region in which its partition records global service events.
    pub(super) fn is_where_global_events_are(&self, origin: &Origin) -> Truth {
        let unseen = |text: &'static str| Truth::unknown(Why::not_visible("Region", text).at(origin.span));
        match self.at.home.region.literal() {
            Some(region) if GLOBAL_REGIONS.contains(&region) => Truth::of(true, origin),
            // Which Region of China leads is not documented; of other partitions nothing is.
            Some(region) if region.starts_with("cn-") || region.contains("iso") || region.starts_with("eusc") => {
                unseen("AWS does not say in which Region of this partition global service events are recorded")
            }
            Some(_) => Truth::of(false, origin),
            None => unseen(
                "a single-Region trail records global service events only in one Region, and which it is cannot be seen",
            ),
        }
    }
}

fn insight(block: &Block) -> Insight {
    let kind = required_text(block, &p::INSIGHT_TYPE);
    Insight { kind, categories: block.texts(&p::INSIGHT_CATEGORIES) }
}

/// A text that a resource does not deploy without: left out, it is the empty text.
pub(super) fn required_text(block: &Block, property: &Property) -> Value<Text> {
    block.text(property).map(&|text| text.clone().unwrap_or_default())
}

/// The keys of a resource's tags: a list of `Key` and `Value`, as most resources write them.
pub(super) fn tags(block: &Block) -> Value<Vec<Value<Text>>> {
    block.blocks(&p::TAGS).map(&|all| all.iter().map(|tag| required_text(tag, &p::TAG_KEY)).collect())
}
