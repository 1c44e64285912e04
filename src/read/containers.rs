//! Resources that make what another document declares: nested stacks, stack sets, conformance packs, products. What stands
//! in such a document is not opened, so that a trail in it would not be seen.

use super::{Content, Datum};
use crate::value::Piece;

/// A type of resource that makes what a template declares, in the words of both dialects.
#[derive(Debug)]
pub(super) struct Container {
    pub(super) cloudformation: &'static str,
    /// Its name in Terraform's AWS provider; none where there is no such resource.
    pub(super) terraform: Option<&'static str>,
    /// What people call it.
    pub(super) called: &'static str,
    /// The property that holds the template itself.
    pub(super) body: Option<(&'static str, &'static str)>,
    /// The property that says where the template is.
    pub(super) address: (&'static str, &'static str),
}

const TEMPLATE: Option<(&str, &str)> = Some(("TemplateBody", "template_body"));
const URL: (&str, &str) = ("TemplateURL", "template_url");

/// CloudFormation Template Reference, the pages of the types; Terraform AWS provider, those of the resources.
const CONTAINERS: [Container; 7] = [
    Container {
        cloudformation: "AWS::CloudFormation::Stack",
        terraform: Some("aws_cloudformation_stack"),
        called: "stack",
        body: TEMPLATE,
        address: URL,
    },
    Container {
        cloudformation: "AWS::Serverless::Application",
        terraform: Some("aws_serverlessapplicationrepository_cloudformation_stack"),
        called: "application",
        body: None,
        address: ("Location", "application_id"),
    },
    Container {
        cloudformation: "AWS::CloudFormation::StackSet",
        terraform: Some("aws_cloudformation_stack_set"),
        called: "stack set",
        body: TEMPLATE,
        address: URL,
    },
    Container {
        cloudformation: "AWS::Config::ConformancePack",
        terraform: Some("aws_config_conformance_pack"),
        called: "conformance pack",
        body: TEMPLATE,
        address: ("TemplateS3Uri", "template_s3_uri"),
    },
    Container {
        cloudformation: "AWS::Config::OrganizationConformancePack",
        terraform: Some("aws_config_organization_conformance_pack"),
        called: "conformance pack",
        body: TEMPLATE,
        address: ("TemplateS3Uri", "template_s3_uri"),
    },
    Container {
        cloudformation: "AWS::ServiceCatalog::CloudFormationProduct",
        terraform: Some("aws_servicecatalog_product"),
        called: "product",
        body: None,
        address: ("ProvisioningArtifactParameters", "provisioning_artifact_parameters"),
    },
    Container {
        cloudformation: "AWS::ServiceCatalog::CloudFormationProvisionedProduct",
        terraform: Some("aws_servicecatalog_provisioned_product"),
        called: "provisioned product",
        body: None,
        address: ("ProductName", "product_name"),
    },
];

/// What ends the type of a resource that a registered module makes.
pub(super) const MODULE: &str = "::MODULE";

/// The row of a type, as CloudFormation or Terraform names it.
pub(super) fn container(kind: &str) -> Option<&'static Container> {
    CONTAINERS.iter().find(|row| row.cloudformation == kind || row.terraform == Some(kind))
}

/// The types, as CloudFormation names them.
pub(super) fn kinds() -> impl Iterator<Item = &'static str> {
    CONTAINERS.iter().map(|row| row.cloudformation)
}

/// Words of a template in which a trail, something that it rests on, or a further template may stand.
const TELLING: [&str; 9] = [
    "AWS::CloudTrail",
    "AWS::S3",
    "AWS::KMS",
    "AWS::SNS",
    "AWS::Logs",
    "AWS::CloudFormation::Stack",
    "AWS::Serverless::Application",
    "Transform",
    MODULE,
];

/// Whether a body may hold a trail or something that it rests on: it says so, or a part of it is not known.
pub(super) fn may_hold_trail(body: &Datum) -> bool {
    match &body.content {
        Content::Absent => false,
        // A hole is a name inside a template more often than a part of one; the types stand around it.
        Content::Text { text, .. } => {
            let literal =
                |piece: &Piece| if let Piece::Literal(literal) = piece { Some(literal.clone()) } else { None };
            let whole: String = text.pieces().iter().filter_map(literal).map(|part| part.to_string()).collect();
            TELLING.iter().any(|word| whole.contains(word)) || !whole.contains("Resources")
        }
        Content::List(items) => items.iter().any(may_hold_trail),
        Content::Map { members, rest } => {
            rest.is_some()
                || members.iter().any(|member| {
                    TELLING.iter().any(|word| member.key.contains(word)) || may_hold_inside(&member.value)
                })
        }
        Content::Either(_, yes, no) => may_hold_trail(yes) || may_hold_trail(no),
        Content::OneOf { values, .. } => values.iter().any(may_hold_trail),
        Content::Unknown(_) => true,
    }
}

/// The same of a part of a body that is written as a mapping: what is not known there is a value, seldom a resource.
fn may_hold_inside(part: &Datum) -> bool {
    match &part.content {
        Content::Text { text, .. } => text.literal().is_some_and(|text| TELLING.iter().any(|word| text.contains(word))),
        Content::List(items) => items.iter().any(may_hold_inside),
        _ => may_hold_trail(part),
    }
}

/// What is to be said of a thing that makes what a document declares which is not opened.
pub(super) fn unopened(called: &str, name: &str, address: Option<&str>) -> String {
    match address {
        Some(address) => format!("{called} `{name}`: its template `{address}` is not opened; check it by itself"),
        None => format!("{called} `{name}`: its template is not opened; check it in a file of its own"),
    }
}
