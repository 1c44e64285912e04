//! What stacks have made, as the tags say that CloudFormation puts on it. No check rests on that: it leads from what exists
//! to the template that declares it.

use super::evidence::Call;
use super::reader::{Operation, Reader};
use crate::syntax::Node;

/// The tags of CloudFormation that are read (CloudFormation User Guide, "Resource tag"): of the stack and of the logical id.
pub const STACK_TAGS: [&str; 2] = ["aws:cloudformation:stack-name", "aws:cloudformation:logical-id"];

/// How a service answers for the tags of one thing: the call, the argument that names it, and the list of its tags.
const ANSWERS: [(Operation, &str, &str); 4] = [
    (("s3", "GetBucketTagging"), "Bucket", "TagSet"),
    (("kms", "ListResourceTags"), "KeyId", "Tags"),
    (("logs", "ListTagsForResource"), "resourceArn", "tags"),
    (("sns", "ListTagsForResource"), "ResourceArn", "Tags"),
];

/// What made a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The name of the stack.
    pub stack: String,
    /// The logical id in its template.
    pub logical_id: String,
}

/// What stacks have made, by ARN.
pub(super) fn made(reader: &Reader) -> Vec<(String, Made)> {
    let trails = reader.listed(("cloudtrail", "ListTags"), "ResourceTagList").map(|(_, entry)| entry);
    let trails = trails.filter_map(|entry| Some((entry.get("ResourceId")?.text()?.to_owned(), entry.get("TagsList")?)));
    let others = ANSWERS.iter().flat_map(|(operation, parameter, list)| {
        reader.calls(*operation).filter_map(|call| Some((asked(reader, call, parameter)?, call.output()?.get(list)?)))
    });
    trails.chain(others).filter_map(|(arn, tags)| Some((arn, made_by(tags)?))).collect()
}

/// The ARN of what a call asks about.
fn asked(reader: &Reader, call: &Call, parameter: &str) -> Option<String> {
    let (name, _) = call.text(parameter)?;
    let partition = &reader.evidence.partition;
    Some(if parameter == "Bucket" { format!("arn:{partition}:s3:::{name}") } else { name.to_owned() })
}

fn made_by(tags: &Node) -> Option<Made> {
    let text = |of: &Node, names: [&str; 2]| names.iter().find_map(|name| of.get(name)?.text()).map(str::to_owned);
    let value = |tag: &str| {
        let is_it = |one: &&Node| text(one, ["Key", "TagKey"]).is_some_and(|key| key == tag);
        let listed = tags.items().iter().find(is_it).and_then(|one| text(one, ["Value", "TagValue"]));
        // Log groups have a mapping.
        listed.or_else(|| Some(tags.get(tag)?.text()?.to_owned()))
    };
    let [stack, logical_id] = STACK_TAGS.map(value);
    Some(Made { stack: stack?, logical_id: logical_id? })
}
