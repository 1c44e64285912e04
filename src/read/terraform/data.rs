//! Data sources: documents are worked out, what says where one is deployed are holes with a name, the rest is not here.

use super::eval::{Env, Eval};
use super::module::Resource;
use super::{functions, policy_document, types};
use crate::read::{Content, Datum, Home};
use crate::source::Span;
use crate::value::{Hole, Of, Sure, Text};
use std::sync::Arc;

impl<'a> Eval<'a> {
    /// An attribute of a data source.
    pub(super) fn data(
        &self,
        env: &Env<'a>,
        resource: &'a Resource,
        address: &Arc<str>,
        name: &str,
        span: Span,
    ) -> Datum {
        if resource.body.is_broken {
            return Datum::unknown(super::body::unread().at(resource.span), span);
        }
        let home = || self.home(env, &resource.kind, &resource.body);
        let written = |name: &str| self.written(env, resource, name).filter(|value| value.content != Content::Absent);
        // What is looked up as a thing of its own is there, or Terraform ends in an error.
        let unseen = |sure: Sure| {
            let of = Of::Unseen { name: format!("{address}.{name}").into(), sure };
            Text::from(Hole { instance: self.root.instance(), of })
        };
        let is_thing = types::model_type(&resource.kind).is_some();
        let elsewhere = || unseen(if is_thing { Sure::Thing } else { Sure::Nothing });
        let text = |text: Text| Datum::text(text, span);
        if let Some(told) = self.told_by_itself(env, (&resource.kind, name), &home, &written, span) {
            return told;
        }
        match (&*resource.kind, name) {
            ("aws_iam_policy_document", "json" | "minified_json") => {
                let written = Datum::new(self.body(env, &resource.body), resource.span);
                let body = self.with_known(address, written);
                policy_document::document(&body, resource.span)
            }
            ("aws_caller_identity", "account_id" | "id") => text(home().account),
            ("aws_partition", "partition" | "id") => text(home().partition),
            ("aws_partition", "dns_suffix") => match home().partition.literal() {
                Some("aws" | "aws-us-gov") => text("amazonaws.com".into()),
                Some("aws-cn") => text("amazonaws.com.cn".into()),
                _ => {
                    let of = Of::Expression("AWS::URLSuffix".into());
                    text(Hole { instance: self.root.instance(), of }.into())
                }
            },
            ("aws_region", "name" | "id" | "region") => match written("name").or_else(|| written("region")) {
                Some(named) => named,
                None => text(home().region),
            },
            ("aws_organizations_organization", "id") => {
                text(Hole { instance: self.root.instance(), of: Of::Organization }.into())
            }
            // AWS's own accounts that deliver logs: which they are hangs on the Region, what they are does not.
            ("aws_elb_service_account" | "aws_cloudtrail_service_account" | "aws_billing_service_account", "arn") => {
                let of = Of::Unseen { name: format!("{address}.id").into(), sure: Sure::Thing };
                let id = Text::from(Hole { instance: self.root.instance(), of });
                text(Text::concat([&"arn:".into(), &home().partition, &":iam::".into(), &id, &":root".into()]))
            }
            ("aws_kms_alias", "target_key_arn" | "target_key_id") | ("aws_kms_key", "arn" | "id" | "key_id")
                if let Some(key) = looked_up_key(&resource.kind, &written) =>
            {
                text(if key.literal().is_some() { key } else { unseen(Sure::Nothing) })
            }
            ("template_file", "rendered") => self.rendered(env, resource, span).unwrap_or_else(|| text(elsewhere())),
            _ => {
                // What is looked up has the name that it is looked up by.
                let own = |attribute: &str| match attribute {
                    "id" | "TopicName" => ["bucket", "name", "role_name", "user_name", "key_id"]
                        .iter()
                        .find_map(|name| written(name))
                        .map_or_else(elsewhere, |value| value.as_text()),
                    _ => elsewhere(),
                };
                match types::identity(&resource.kind, name) {
                    Some(identity) => identity.value(&home(), span, &own, &written),
                    None => written(name).unwrap_or_else(|| text(elsewhere())),
                }
            }
        }
    }

    /// What a data source gives that does not ask AWS: it is made of what is written for it.
    fn told_by_itself(
        &self,
        env: &Env<'a>,
        attribute: (&str, &str),
        home: &dyn Fn() -> Home,
        written: &dyn Fn(&str) -> Option<Datum>,
        span: Span,
    ) -> Option<Datum> {
        let text = |text: Text| Some(Datum::text(text, span));
        match attribute {
            ("aws_partition", "reverse_dns_prefix") => match home().partition.literal()? {
                "aws" | "aws-us-gov" => text("com.amazonaws".into()),
                "aws-cn" => text("cn.com.amazonaws".into()),
                _ => None,
            },
            ("aws_arn", "partition" | "service" | "region" | "account" | "resource") => {
                let parts = functions::call("provider::aws::arn_parse", &[written("arn")?], span)?;
                let part = if attribute.1 == "account" { "account_id" } else { attribute.1 };
                Some(self.access(&parts, part, span))
            }
            // CloudTrail has one name in every partition, other services have not.
            ("aws_service_principal", "name") => {
                let service = written("service_name")?.as_text();
                let is_plain = service.literal() == Some("cloudtrail")
                    || matches!(home().partition.literal(), Some("aws" | "aws-us-gov"));
                if is_plain { text(Text::concat([&service, &".amazonaws.com".into()])) } else { None }
            }
            ("local_file", "content") => self.file_function(env, "file", &[written("filename")?], span),
            ("null_data_source", "outputs") => written("inputs"),
            _ => None,
        }
    }
}

/// What names the key that is looked up, where that may be a name which AWS manages: the key behind such an alias is what the
/// alias is, since its policy is AWS's and cannot name CloudTrail (aws-facts §8).
fn looked_up_key(kind: &str, written: &dyn Fn(&str) -> Option<Datum>) -> Option<Text> {
    let key = written(if kind == "aws_kms_alias" { "name" } else { "key_id" })?.as_text();
    let is_resource =
        key.hole().is_some_and(|hole| matches!(hole.of, Of::Resource { .. } | Of::Unseen { sure: Sure::Thing, .. }));
    let name = key.after(":alias/").map_or_else(|| key.clone(), |name| Text::concat([&"alias/".into(), &name]));
    (!is_resource && !name.starts_with("alias/aws/").is_false()).then_some(key)
}
