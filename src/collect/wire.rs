//! Bytes of an answer to what is kept of it, in the shape that the AWS CLI prints.
//!
//! The typed answers of the SDK are not used: what a service added since the SDK was made would be lost, and each field
//! would be named twice, in the table of calls and here.

mod xml;

use super::fields::Kept;
use crate::read::account::Call;
use serde_json::{Value, json};

/// What is kept of an answer; none where the bytes cannot be read.
pub(super) fn read(call: &Call, bytes: &[u8]) -> Option<Answer> {
    let kept = Kept::of(call.fields);
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let whole = match first {
        // S3 answers with the policy itself.
        Some(b'{') if call.operation == "GetBucketPolicy" => {
            return Some(Answer { kept: json!({"Policy": std::str::from_utf8(bytes).ok()?}), next: None });
        }
        Some(b'{') => serde_json::from_slice(bytes).ok()?,
        Some(b'<') => {
            let document = roxmltree::Document::parse(std::str::from_utf8(bytes).ok()?).ok()?;
            return Some(Answer { kept: xml::read(&kept, &document), next: xml::next(&document) });
        }
        Some(_) => return None,
        None => json!({}),
    };
    let next = ["NextToken", "nextToken"].iter().find_map(|name| whole.get(name)?.as_str()).map(str::to_owned);
    Some(Answer { kept: kept.of_json(&whole), next })
}

/// A page of an answer.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) kept: Value,
    /// What asks for the next page.
    pub(super) next: Option<String>,
}

/// Adds a further page: lists grow, all else stays as the first page had it.
pub(super) fn merge(whole: &mut Value, page: Value) {
    let (Value::Object(whole), Value::Object(page)) = (whole, page) else { return };
    for (name, value) in page {
        match (whole.get_mut(&name), value) {
            (Some(Value::Array(items)), Value::Array(more)) => items.extend(more),
            (Some(_), _) => {}
            (None, value) => {
                whole.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{merge, read};
    use crate::read::account::Call;
    use serde_json::{Value, json};

    fn kept(service: &str, operation: &str, body: &str) -> Value {
        read(Call::find(service, operation).unwrap(), body.as_bytes()).unwrap().kept
    }

    #[test]
    fn the_xml_of_s3() {
        let lifecycle = r#"<?xml version="1.0"?><LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
            <Rule><ID>7</ID><Status>Enabled</Status><Filter><And><Prefix>a</Prefix><Tag><Key>k</Key><Value>v</Value></Tag>
            <Tag><Key>l</Key><Value>w</Value></Tag></And></Filter><Expiration><Days>30</Days></Expiration></Rule>
            <Rule><Status>Disabled</Status><Filter><Prefix/></Filter></Rule></LifecycleConfiguration>"#;
        let expected = json!({"Rules": [
            {"ID": "7", "Status": "Enabled", "Expiration": {"Days": 30},
             "Filter": {"And": {"Prefix": "a", "Tags": [{"Key": "k"}, {"Key": "l"}]}}},
            {"Status": "Disabled", "Filter": {"Prefix": ""}},
        ]});
        assert_eq!(kept("s3", "GetBucketLifecycleConfiguration", lifecycle), expected);
        let acl = r#"<AccessControlPolicy><Owner><ID>o</ID></Owner><AccessControlList><Grant>
            <Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>u</URI></Grantee>
            <Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>"#;
        let expected = json!({
            "Owner": {"ID": "o"}, "Grants": [{"Grantee": {"Type": "Group", "URI": "u"}, "Permission": "READ"}],
        });
        assert_eq!(kept("s3", "GetBucketAcl", acl), expected);
        let block =
            "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>";
        let expected = json!({"PublicAccessBlockConfiguration": {"BlockPublicAcls": true}});
        assert_eq!(kept("s3", "GetPublicAccessBlock", block), expected);
        let versioning = "<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Disabled</MfaDelete></VersioningConfiguration>";
        assert_eq!(
            kept("s3", "GetBucketVersioning", versioning),
            json!({"Status": "Enabled", "MFADelete": "Disabled"})
        );
        let location =
            r#"<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-west-1</LocationConstraint>"#;
        assert_eq!(kept("s3", "GetBucketLocation", location), json!({"LocationConstraint": "eu-west-1"}));
        assert_eq!(kept("s3", "GetBucketLocation", "<LocationConstraint/>"), json!({}));
        assert_eq!(kept("s3", "GetBucketPolicy", "{\"Id\":1}"), json!({"Policy": "{\"Id\":1}"}));
        let buckets = "<ListAllMyBucketsResult><Buckets><Bucket><Name>a</Name><BucketRegion>r</BucketRegion></Bucket></Buckets>\
            <ContinuationToken>more</ContinuationToken></ListAllMyBucketsResult>";
        let answer = read(Call::find("s3", "ListBuckets").unwrap(), buckets.as_bytes()).unwrap();
        assert_eq!(answer.kept, json!({"Buckets": [{"Name": "a", "BucketRegion": "r"}]}));
        assert_eq!(answer.next.as_deref(), Some("more"));
    }

    #[test]
    fn the_tags_of_stacks() {
        let tag = |key: &str, value: &str| format!("<Key>{key}</Key><Value>{value}</Value>");
        let [stack, id] = crate::read::account::STACK_TAGS;
        let (own, stack, id) = (tag("owner", "private"), tag(stack, "trails"), tag(id, "Logs"));
        let expected = |list: &str| {
            let tag = |name: &str, value: &str| json!({"Key": format!("aws:cloudformation:{name}"), "Value": value});
            json!({list: [tag("stack-name", "trails"), tag("logical-id", "Logs")]})
        };
        let set = format!("<Tagging><TagSet><Tag>{own}</Tag><Tag>{stack}</Tag><Tag>{id}</Tag></TagSet></Tagging>");
        assert_eq!(kept("s3", "GetBucketTagging", &set), expected("TagSet"));
        let members = format!("<member>{own}</member><member>{stack}</member><member>{id}</member>");
        let result = format!("<R><ListTagsForResourceResult><Tags>{members}</Tags></ListTagsForResourceResult></R>");
        assert_eq!(kept("sns", "ListTagsForResource", &result), expected("Tags"));
    }

    #[test]
    fn the_xml_of_queries() {
        let topic = "<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes>\
            <entry><key>Policy</key><value>{}</value></entry><entry><key>Secret</key><value>1</value></entry>\
            </Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>";
        assert_eq!(kept("sns", "GetTopicAttributes", topic), json!({"Attributes": {"Policy": "{}"}}));
        let identities = "<R><GetAccountAuthorizationDetailsResult><IsTruncated>true</IsTruncated><Marker>m</Marker>\
            <RoleDetailList><member><RoleName>r</RoleName><AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument>\
            <RolePolicyList/></member></RoleDetailList><UserDetailList/></GetAccountAuthorizationDetailsResult></R>";
        let answer = read(Call::find("iam", "GetAccountAuthorizationDetails").unwrap(), identities.as_bytes()).unwrap();
        let role = json!({"RoleName": "r", "AssumeRolePolicyDocument": {}, "RolePolicyList": []});
        assert_eq!(answer.kept, json!({"RoleDetailList": [role], "UserDetailList": []}));
        assert_eq!(answer.next.as_deref(), Some("m"));
        let versions = "<R><GetAccountAuthorizationDetailsResult><Policies><member><Arn>a</Arn><PolicyVersionList>\
            <member><Document>%7B%7D</Document><VersionId>v2</VersionId><IsDefaultVersion>true</IsDefaultVersion></member>\
            <member><Document>%5B%5D</Document><VersionId>v1</VersionId><IsDefaultVersion>false</IsDefaultVersion></member>\
            </PolicyVersionList></member></Policies></GetAccountAuthorizationDetailsResult></R>";
        let policy = json!({"Arn": "a", "PolicyVersionList": [{"IsDefaultVersion": true, "Document": {}}]});
        assert_eq!(kept("iam", "GetAccountAuthorizationDetails", versions), json!({"Policies": [policy]}));
    }

    #[test]
    fn pages_are_one_answer() {
        let mut whole = json!({"A": [1], "Name": "first"});
        merge(&mut whole, json!({"A": [], "Name": "second"}));
        merge(&mut whole, json!({"A": [2, 3], "B": [4]}));
        assert_eq!(whole, json!({"A": [1, 2, 3], "B": [4], "Name": "first"}));
    }

    #[test]
    fn what_is_no_answer_is_none() {
        let call = Call::find("cloudtrail", "DescribeTrails").unwrap();
        for body in ["{", "<html>", "\u{1}"] {
            assert_eq!(read(call, body.as_bytes()), None, "{body}");
        }
    }
}
