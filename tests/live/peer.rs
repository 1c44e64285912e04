//! The recorded peer: answers for what the local AWS lacks, in the words of the API reference.

use super::http::{Request, Response};
use super::wire::Asked;
use serde_json::{Value, json};

/// An answer to a call that the local AWS lacks; none where it has one.
pub(super) fn answer(asked: &Asked, request: &Request, port: u16) -> Option<Response> {
    let input: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let body = match (asked.service.as_str(), asked.operation.as_str()) {
        ("account", "ListRegions") => regions(&input),
        ("cloudtrail", "ListEventDataStores") if asked.region == "eu-west-1" => {
            json!({"EventDataStores": [{"EventDataStoreArn": store(), "Name": "lake"}]})
        }
        ("cloudtrail", "ListEventDataStores") => json!({"EventDataStores": []}),
        ("cloudtrail", "GetEventDataStore") => json!({
            "EventDataStoreArn": store(), "Name": "lake", "Status": "ENABLED", "MultiRegionEnabled": true,
            "OrganizationEnabled": false, "RetentionPeriod": 366, "TerminationProtectionEnabled": true,
            "CreatedTimestamp": 1.7e9, "BillingMode": "EXTENDABLE_RETENTION_PRICING", "AdvancedEventSelectors": [],
        }),
        ("cloudtrail", "ListChannels") if asked.region == "eu-west-1" => {
            json!({"Channels": [{"ChannelArn": channel(), "Name": "partner"}]})
        }
        ("cloudtrail", "ListChannels") => json!({"Channels": []}),
        ("cloudtrail", "GetChannel") => json!({
            "ChannelArn": channel(), "Name": "partner", "Source": "Custom",
            "Destinations": [{"Type": "EVENT_DATA_STORE", "Location": store()}],
        }),
        ("cloudtrail", "GetResourcePolicy") if input["ResourceArn"] == channel().as_str() => {
            json!({"ResourceArn": channel(), "ResourcePolicy": "{\"Version\":\"2012-10-17\",\"Statement\":[]}"})
        }
        ("cloudtrail", "GetResourcePolicy") => {
            return Some(asked.error(400, "ResourcePolicyNotFoundException", "there is none"));
        }
        // It knows the tags of trails only.
        ("cloudtrail", "ListTags") if request.text().contains("eventdatastore") => {
            json!({"ResourceTagList": [{"ResourceId": store(), "TagsList": [{"Key": "owner", "Value": "x"}]}]})
        }
        ("cloudtrail", "LookupEvents") => history(asked, &input),
        ("organizations", "ListDelegatedAdministrators") => {
            json!({"DelegatedAdministrators": [{"Id": "999999999999", "Name": "security", "State": "ACTIVE"}]})
        }
        _ => return renamed(asked, request, port),
    };
    Some(Response::new(200, "application/x-amz-json-1.1", body.to_string()))
}

/// What the local AWS calls otherwise than the API reference does.
pub(super) fn renamed(asked: &Asked, request: &Request, port: u16) -> Option<Response> {
    match (asked.service.as_str(), asked.operation.as_str()) {
        ("s3", "GetBucketVersioning") => {
            let mut answer = request.forward(port).unwrap();
            let body = String::from_utf8_lossy(&answer.body);
            answer.body = body.replace("GetBucketVersioningResponse", "VersioningConfiguration").into_bytes();
            Some(answer)
        }
        ("s3", "GetBucketRequestPayment") => {
            let body = "<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>";
            Some(Response::new(200, "application/xml", body))
        }
        _ => None,
    }
}

fn store() -> String {
    "arn:aws:cloudtrail:eu-west-1:123456789012:eventdatastore/11111111-2222-3333-4444-555555555555".to_owned()
}

fn channel() -> String {
    "arn:aws:cloudtrail:eu-west-1:123456789012:channel/11111111-2222-3333-4444-555555555555".to_owned()
}

/// Two pages; the first is empty, as every list may be.
fn regions(input: &Value) -> Value {
    if input.get("NextToken").is_none() {
        return json!({"Regions": [], "NextToken": "more"});
    }
    let region = |name: &str, status: &str| json!({"RegionName": name, "RegionOptStatus": status});
    json!({"Regions": [
        region("us-east-1", "ENABLED_BY_DEFAULT"),
        region("eu-west-1", "ENABLED_BY_DEFAULT"),
        region("eu-south-1", "ENABLED"),
        region("me-south-1", "DISABLED"),
    ]})
}

fn history(asked: &Asked, input: &Value) -> Value {
    let name = &input["LookupAttributes"][0]["AttributeValue"];
    if asked.region != "eu-west-1" || name != "StopLogging" {
        return json!({"Events": []});
    }
    let event = json!({"errorCode": "AccessDenied", "userIdentity": {"accessKeyId": "AKIDSECRET"}}).to_string();
    json!({"Events": [{
        "EventName": name, "EventTime": 1.79e9, "Username": "operator", "AccessKeyId": "AKIDSECRET",
        "Resources": [{"ResourceType": "AWS::CloudTrail::Trail", "ResourceName": "audit"}], "CloudTrailEvent": event,
    }]})
}
